"""Reads HDF5 files of ours with one foreign reader, whole, and holds what it finds against h5py: READER FILE...

Exit status 77: the reader is not installed."""
import math
import shutil
import subprocess
import sys
import tempfile

MISSING = 77


def groups_of(path):
    import h5py
    with h5py.File(path) as file:
        found = ["/"]
        file.visititems(lambda name, item: found.append("/" + name) if isinstance(item, h5py.Group) else None)
    return found


def numbers_of(path):
    """Name -> sum of the values in their unit, of every array of numbers that is no bare dimension."""
    import h5py
    import numpy
    sums = {}
    def visit(name, item):
        if isinstance(item, h5py.Group) or h5py.check_string_dtype(item.dtype) is not None or item.size == 0:
            return
        if "NAME" in item.attrs and item.attrs["NAME"].startswith(b"This is a netCDF dimension"):
            return
        values = numpy.asarray(item[()], dtype=float) * item.attrs.get("scale_factor", 1.0) + item.attrs.get("add_offset", 0.0)
        sums["/" + name] = (float(values.sum()), float(numpy.abs(values).sum()))
    with h5py.File(path) as file:
        file.visititems(visit)
    return sums


def read_h5py(path):
    import h5py
    texts = 0
    with h5py.File(path) as file:
        def visit(name, item):
            nonlocal texts
            if isinstance(item, h5py.Group):
                return
            text = h5py.check_string_dtype(item.dtype)
            if text is not None:
                assert text.encoding == "utf-8" and text.length is None, name
                item.asstr()[()]
                texts += 1
            if h5py.h5ds.is_scale(item.id):
                assert item.ndim == 1 and item.attrs["CLASS"] == b"DIMENSION_SCALE", name
                return
            for axis, dimension in enumerate(item.dims):
                assert len(dimension) == 1, f"{path}: {name} has {len(dimension)} scales on axis {axis}"
                scale = dimension[0]
                assert h5py.h5ds.is_attached(item.id, scale.id, axis), name
                assert scale.shape == (item.shape[axis],), name
                assert dimension.keys()[0], name
        file.visititems(visit)
    assert texts > 0, "no text was found"


def read_netcdf4(path):
    import netCDF4
    texts = 0
    def walk(group):
        nonlocal texts
        for name, variable in group.variables.items():
            values = variable[...]
            if variable.dtype is str:
                texts += 1
                flat = values.ravel() if hasattr(values, "ravel") else [values]
                assert all(isinstance(v, str) for v in flat), name
        for child in group.groups.values():
            walk(child)
    with netCDF4.Dataset(path) as file:
        walk(file)
    assert texts > 0, "no text was found"


def read_xarray(path):
    import xarray
    for group in groups_of(path):
        for engine in ("h5netcdf", "netcdf4"):
            with xarray.open_dataset(path, group=group, engine=engine) as data:
                for name, variable in data.load().variables.items():
                    assert variable.dtype.kind != "S", f"{path}: {group}/{name}: bytes, not text"
                    assert not any(d.startswith("phony_dim") for d in variable.dims), f"{path}: {group}/{name}"


def read_ncdump(path):
    if shutil.which("ncdump") is None:
        sys.exit(MISSING)
    with tempfile.TemporaryFile() as out:
        subprocess.run(["ncdump", path], check=True, stdout=out)
        out.seek(0)
        head = out.read(200).decode()
        out.seek(-8, 2)
        assert head.startswith("netcdf ") and out.read().rstrip().endswith(b"}")


def read_octave(path):
    """ncread of every number. Its package knows no text of variable length, which is what netCDF-4 calls string."""
    octave = shutil.which("octave-cli")
    if octave is None:
        sys.exit(MISSING)
    expected = numbers_of(path)
    assert expected
    names = "; ".join("'%s'" % name for name in expected)
    names = "{" + names + "}"
    program = ("try, pkg load netcdf; catch, exit(77); end; names = %s;"
               "for k = 1:numel(names), v = double(ncread('%s', names{k}));"
               " printf('%%.17g\\n', sum(v(! isnan(v)))); end") % (names, path)
    with tempfile.NamedTemporaryFile("w", suffix=".m") as script:
        script.write(program)
        script.flush()
        done = subprocess.run([octave, "--no-gui", "--norc", script.name], capture_output=True, text=True)
    if done.returncode == MISSING:
        sys.exit(MISSING)
    assert done.returncode == 0, done.stderr
    found = [float(line) for line in done.stdout.split()]
    assert len(found) == len(expected), done.stdout
    for (name, (total, magnitude)), value in zip(expected.items(), found):
        assert math.isclose(total, value, rel_tol=0.0, abs_tol=1e-9 * magnitude) or not math.isfinite(total), \
            f"{path}: {name}: Octave sums {value}, h5py {total}"


READERS = {"h5py": read_h5py, "netCDF4": read_netcdf4, "xarray": read_xarray, "ncdump": read_ncdump,
           "octave": read_octave}
try:
    for file in sys.argv[2:]:
        READERS[sys.argv[1]](file)
except ModuleNotFoundError as error:
    print(error, file=sys.stderr)
    sys.exit(MISSING)
