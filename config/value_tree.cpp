#include "config/value_tree.hpp"

#include <algorithm>

namespace seccm::config {

const ValueNode* ValueNode::find(std::string_view key) const {
  const auto at = std::find_if(entries.begin(), entries.end(), [key](const auto& entry) { return entry.key == key; });
  return at == entries.end() ? nullptr : &at->value;
}

ValueNode* ValueNode::find(std::string_view key) {
  return const_cast<ValueNode*>(static_cast<const ValueNode*>(this)->find(key));
}

std::string ValueNode::shown() const {
  switch (kind) {
    case Kind::text:
      return '"' + (text.size() > 80 ? text.substr(0, 77) + "..." : text) + '"';
    case Kind::list: {
      std::string all = "[";
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) all += ", ";
        if (i == 6) return all + "...]";
        all += items[i].shown();
      }
      return all + "]";
    }
    case Kind::table:
      return "{...}";
    default:
      return text;
  }
}

std::string_view ValueNode::kind_name() const {
  switch (kind) {
    case Kind::table:
      return "a section";
    case Kind::list:
      return "a list";
    case Kind::text:
      return "a string";
    case Kind::integer:
      return "a whole number";
    case Kind::real:
      return "a number";
    case Kind::boolean:
      return "true or false";
    case Kind::other:
      return "a date or time";
  }
  return "a value";
}

}  // namespace seccm::config
