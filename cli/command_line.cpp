#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

#include "cli/options.hpp"
#include "config/spelling.hpp"
#include "jobs/version.hpp"
#include "sim/error.hpp"

namespace seccm::cli {
namespace {

constexpr const char* kFooter =
    "Exit status: 0 success, 1 a gate or check failed, 2 bad input, 3 device fault, 4 no space, permission or "
    "memory, 130 interrupted (what was finished is kept).\n"
    "Begin with:  seccm validate quickstart -o out/quickstart\n";

void add_common(CLI::App& verb, CommonOptions& common, bool scenario) {
  if (scenario) {
    verb.add_option("--seed", common.seed, "Seed of every random stream, instead of the scenario's")->type_name("N");
    verb.add_option("--set", common.sets,
                    "Write a value over the scenario's, e.g. --set pipette.diameter=\"2 um\"; repeatable")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
  }
  verb.add_option("--threads", common.threads, "Threads to use; no result depends on it (default: all)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  verb.add_flag("--json", common.json, "One JSON document on standard output, everything else on standard error");
  verb.add_flag("--quiet", common.quiet, "No progress, no notes, no summary; errors and --json are still shown");
}

/// Adds a verb that fills an options struct; `chosen` gets it when the verb is on the command line.
template <class Options>
CLI::App* add_verb(CLI::App& app, const char* name, const char* about, const char* example, Options& options,
                   Invocation& chosen) {
  CLI::App* verb = app.add_subcommand(name, about);
  verb->footer(std::string("Example:  ") + example);
  verb->final_callback([&options, &chosen] { chosen = options; });
  return verb;
}

struct Verbs {
  SimulateOptions simulate;
  ScanOptions scan;
  ServeOptions serve;
  DoctorOptions doctor;
  AnalyseOptions analyse;
  ValidateOptions validate;
  ReportOptions report;
  ImportOptions import_;
  ExportOptions export_;
  ListOptions list;
  ExplainOptions explain;
};

void add_simulate(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  SimulateOptions& o = verbs.simulate;
  CLI::App* verb = add_verb(app, "simulate", "Voltammograms straight from the models, no instrument",
                            "seccm simulate verification/planar_reversible --csv cv.csv", o, chosen);
  verb->add_option("scenario", o.scenario,
                   "Scenario file with job = \"simulate\" or \"ensemble\", or the name of a ready-made one")
      ->required();
  verb->add_option("--csv", o.csv,
                   "Write time_s,potential_V,current_A,cycle,scan_rate_V_s,current_error_A to this file; of an "
                   "ensemble one row per cell");
  verb->add_option("--sensitivities", o.sensitivities,
                   "Write the slopes di/dp of numerics.sensitivities, a column each, to this CSV file");
  verb->add_option("-o,--output", o.output,
                   "Write the voltammogram with the parts of its current, or the cells of an ensemble, as HDF5");
  add_common(*verb, o.common, true);
}

void add_scan(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ScanOptions& o = verbs.scan;
  CLI::App* verb = add_verb(app, "scan", "Run the scan that a scenario describes, on the rig it names",
                            "seccm scan quickstart -o run.h5    (the twin's truth goes to run.truth.h5)", o, chosen);
  verb->add_option("scenario", o.scenario, "Scenario file, or the name of a ready-made one")->required();
  verb->add_option("-o,--output", o.output, "Run file (default: <name of the scenario>.run.h5)");
  CLI::Option* resume = verb->add_flag(
      "--resume", o.resume,
      "Go on with a run whose process died or whose instrument failed, from its journal; needs the same scenario, on "
      "hardware the same instruments, and pipette and sample as they were");
  verb->add_flag("--rescue", o.rescue, "Do not go on with it: build the run file of what its journal holds")
      ->excludes(resume);
  verb->add_flag("--allow-motion", o.allow_motion,
                 "Consent to motion of real instruments (rig.* = \"hardware\"): connecting them moves the stage");
  add_common(*verb, o.common, true);
}

void add_serve(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ServeOptions& o = verbs.serve;
  CLI::App* verb =
      add_verb(app, "serve", "Put the twin's stage, source meter, lamps and camera on the wire, until Ctrl-C",
               "seccm serve quickstart --set serve.speed=0", o, chosen);
  verb->add_option("scenario", o.scenario,
                   "Scenario file, or the name of a ready-made one; its [serve] section says what listens where")
      ->required();
  verb->add_option("--ready", o.ready, "Write what listens where to this file, as JSON, once it does");
  add_common(*verb, o.common, true);
}

void add_doctor(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  DoctorOptions& o = verbs.doctor;
  CLI::App* verb = add_verb(app, "doctor", "Examine the instruments of a real rig: identity, limits, noise, timing",
                            "seccm doctor rig.toml --set hardware.stage=192.168.0.7:50000", o, chosen);
  verb->add_option("scenario", o.scenario,
                   "Scenario file, or the name of a ready-made one; its sections [hardware] and [wecspm] say what is "
                   "where")
      ->required();
  verb->add_flag("--allow-motion", o.allow_motion,
                 "Examine what can not be examined without motion: connecting a sequencer moves the stage");
  add_common(*verb, o.common, true);
}

void add_analyse(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  AnalyseOptions& o = verbs.analyse;
  CLI::App* verb = add_verb(app, "analyse", "Estimators on a run, blind to the truth",
                            "seccm analyse run.h5 -o results.h5 --set analysis.alpha=0.45", o, chosen);
  verb->add_option("run", o.run, "Run file")->required();
  verb->add_option("-o,--output", o.output, "Results file (default: the run's name with .results.h5)");
  add_common(*verb, o.common, true);
}

void add_validate(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ValidateOptions& o = verbs.validate;
  CLI::App* verb =
      add_verb(app, "validate", "Scan, analyse blind, compare with the twin's truth; a campaign does so many times",
               "seccm validate quickstart -o out/quickstart", o, chosen);
  verb->add_option("scenario", o.scenario, "Scenario file, or the name of a ready-made one")->required();
  verb->add_option("-o,--output", o.directory,
                   "Directory for run.h5, truth.h5, results.h5, report.html, validation.json")
      ->required();
  verb->add_option("--gate", o.gate, "JSON file of bounds; exit status 1 when the validation breaks one");
  add_common(*verb, o.common, true);
}

void add_report(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ReportOptions& o = verbs.report;
  CLI::App* verb = add_verb(app, "report", "One self-contained HTML page with the figures",
                            "seccm report results.h5 -o report.html", o, chosen);
  verb->add_option("file", o.input, "Run file or results file; its companions are found beside it")->required();
  verb->add_option("-o,--output", o.output, "The page (default: the file's name with .html)");
  add_common(*verb, o.common, false);
}

void add_import(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ImportOptions& o = verbs.import_;
  CLI::App* verb = add_verb(app, "import", "Recordings of other programs as a run file",
                            "seccm import cv_20mVs.mpt cv_50mVs.mpt -o run.h5 --reference-offset \"3.05 V\" --area "
                            "\"7.5 +- 0.7 um^2 (SEM)\"",
                            o, chosen);
  verb->add_option(
          "sources", o.sources,
          "EC-Lab or BT-Lab text (.mpt), WEC-SPM recording (.tsv, with its .set beside it), recording schema v2 "
          "or data package (.csv and .json), Gamry .DTA, or a table of text of any program (.csv, .tsv, .txt); "
          "several files are one series of the same place, such as one per scan rate. gzip is unpacked")
      ->required();
  verb->add_option("-o,--output", o.output, "Run file")->required();
  verb->add_option(
          "--polarity", o.polarity,
          "Signs of the source: iupac (anodic current positive), wec-spm (the electrode in the pipette is "
          "polarised; potentials and currents are negated) or cathodic-positive (currents are negated). Needed "
          "where the source does not state them")
      ->check(CLI::IsMember({"wec-spm", "iupac", "cathodic-positive"}));
  verb->add_option("--columns", o.columns,
                   "Columns of a table, by label or number, with units: \"time=t [s], potential=2 [mV], current=I/nA\" "
                   "(default: from the labels, and said)");
  verb->add_option(
      "--scan-rate", o.scan_rate,
      "Scan rate of a table without time, e.g. \"100 mV/s\"; one per file or series: \"20 mV/s, 50 mV/s\"");
  verb->add_option("--map", o.map, "TOML file with polarity, scan_rate, [columns] and [known]; options go before it");
  verb->add_option("--reference-offset", o.reference_offset,
                   "Potential of the reference electrode against Li/Li+, e.g. \"3.05 +- 0.01 V\"");
  verb->add_option("--reference-error", o.reference_error, "Standard error of it, e.g. \"10 mV\"")
      ->needs("--reference-offset");
  verb->add_option("--pipette-diameter", o.pipette_diameter,
                   "As the operator measured it, with its standard error and origin, e.g. \"1.0 +- 0.05 um (SEM)\"");
  verb->add_option("--area", o.area,
                   "Area through which lithium passes, as the user knows it, e.g. \"7.5 +- 0.7 um^2 (SEM)\"");
  verb->add_option("--radius", o.radius, "Radius of the particles, as the user knows it, e.g. \"27 +- 4 nm (SEM)\"");
  add_common(*verb, o.common, false);
}

void add_export(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ExportOptions& o = verbs.export_;
  CLI::App* verb = add_verb(app, "export", "A run file in the formats of other programs",
                            "seccm export run.h5 --format mpt -o voltammograms", o, chosen);
  verb->add_option("run", o.run, "Run file")->required();
  verb->add_option("-f,--format", o.format,
                   "schema-v2 (CSV + JSON of the open WEC-SPM host), mpt (BioLogic), bdf (Battery Data Format), "
                   "unitpackage (frictionless), gsf (Gwyddion map), ome-tiff (images)")
      ->required()
      ->check(CLI::IsMember({"schema-v2", "mpt", "bdf", "unitpackage", "gsf", "ome-tiff"}));
  verb->add_option("-o,--output", o.output, "File; for mpt without --point a directory, one file per point")
      ->required();
  verb->add_option("--point", o.point, "mpt, bdf, unitpackage: the voltammograms of this point only");
  verb->add_option("--started", o.started,
                   "mpt: when the run began, e.g. \"2026-03-14 09:30:00\": a run file does not know (default: 1970)");
  verb->add_flag("--every-frame", o.every_frame, "mpt: a row per frame, not the mean of the frames of a millivolt");
  verb->add_option("--image", o.image, "gsf: name of the image");
  verb->add_option("--quantity", o.quantity, "gsf: contact_z, current_min or current_max over a regular array");
  verb->add_option("--polarity", o.polarity, "schema-v2: signs of the file, wec-spm (default) or iupac")
      ->check(CLI::IsMember({"wec-spm", "iupac"}));
  add_common(*verb, o.common, false);
}

void add_list(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ListOptions& o = verbs.list;
  CLI::App* verb = add_verb(app, "list", "What there is to choose from", "seccm list scenarios", o, chosen);
  verb->add_option("what", o.what, "models, estimators, scenarios or devices")
      ->required()
      ->check(CLI::IsMember({"models", "estimators", "scenarios", "devices"}));
  add_common(*verb, o.common, false);
}

void add_explain(CLI::App& app, Verbs& verbs, Invocation& chosen) {
  ExplainOptions& o = verbs.explain;
  CLI::App* verb = add_verb(app, "explain", "Unit, default, range and source of a parameter",
                            "seccm explain pipette.diameter", o, chosen);
  verb->add_option("key", o.key, "A parameter (pipette.diameter), a section (pipette) or a bare key (diameter)");
  verb->add_flag("--all", o.all, "Every parameter, one line each");
  verb->add_flag("--markdown", o.markdown, "With --all: the reference page docs/scenario-reference.md");
  add_common(*verb, o.common, false);
}

}  // namespace

namespace {

/// Says which verb was meant where the first word is none.
void require_verb(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  const std::string word = argv[1];
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands({})) verbs.push_back(verb->get_name());
  if (std::ranges::find(verbs, word) != verbs.end()) return;
  const auto near = config::nearest(word, verbs);
  std::string all;
  for (const std::string& verb : verbs) all += (all.empty() ? "" : ", ") + verb;
  throw InputError("'" + word + "' is no verb" + (near ? "; did you mean \"" + *near + "\"?" : ".") + " Accepted are " +
                   all + "; seccm --help says what each does");
}

}  // namespace

std::vector<std::string> CommonOptions::overrides() const {
  std::vector<std::string> all = sets;
  if (seed) all.push_back("seed=" + std::to_string(*seed));
  return all;
}

Invocation parse_command_line(int argc, const char* const* argv) {
  CLI::App app{"Physics simulator and digital twin of smart scanning electrochemical cell microscopy", "seccm"};
  app.set_version_flag("--version", jobs::software());
  app.require_subcommand(1);
  app.footer(kFooter);
  Verbs verbs;
  Invocation chosen = PrintText{};
  add_simulate(app, verbs, chosen);
  add_scan(app, verbs, chosen);
  add_serve(app, verbs, chosen);
  add_doctor(app, verbs, chosen);
  add_analyse(app, verbs, chosen);
  add_validate(app, verbs, chosen);
  add_report(app, verbs, chosen);
  add_import(app, verbs, chosen);
  add_export(app, verbs, chosen);
  add_list(app, verbs, chosen);
  add_explain(app, verbs, chosen);
  require_verb(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto used = app.get_subcommands();
    return PrintText{used.empty() ? app.help() : used.front()->help(app.get_name())};
  } catch (const CLI::CallForAllHelp&) {
    return PrintText{app.help("", CLI::AppFormatMode::All)};
  } catch (const CLI::CallForVersion&) {
    return PrintText{jobs::software() + "\n"};
  } catch (const CLI::ParseError& error) {
    const auto used = app.get_subcommands();
    const std::string verb = used.empty() ? "" : " " + used.front()->get_name();
    throw InputError(std::string(error.what()) + "; `seccm" + verb + " --help` shows what is accepted");
  }
  return chosen;
}

}  // namespace seccm::cli
