#include "models/reference/reference_spec.hpp"

namespace seccm::models {

ReferenceSpec reference_spec(const VoxelCluster& cluster) {
  const VoxelSpec& voxels = cluster.spec();
  CellSpec cell;
  cell.material = voxels.material;
  cell.water.enabled = false;
  cell.numerics = voxels.numerics;
  cell.double_layer.titania = ArealCapacitance(voxels.layer_capacitance);
  // The gold of a voxel spec is a capacitance: over 1 m².
  cell.double_layer.gold = ArealCapacitance(voxels.gold_capacitance);
  cell.gold_area = 1.0;
  cell.series_resistance = voxels.series_resistance;
  cell.stray_capacitance = voxels.stray_capacitance;
  cell.temperature = voxels.temperature;
  return {.cell = cell, .voxels = resolved_cluster(cluster)};
}

}  // namespace seccm::models
