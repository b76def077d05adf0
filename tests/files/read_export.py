"""Reads an exported file with programs that are not ours and prints what they found as JSON: FORMAT FILE..."""
import json
import struct
import subprocess
import sys


def table(frame):
    return {"columns": list(frame.columns), "rows": len(frame), "first": [float(v) for v in frame.iloc[0]],
            "last": [float(v) for v in frame.iloc[-1]], "nan": int(frame.isna().sum().sum()),
            "min": [float(v) for v in frame.min()], "max": [float(v) for v in frame.max()]}


def read_csv(path):
    import pandas
    return table(pandas.read_csv(path))


def read_mpt(path):
    import pandas
    with open(path, encoding="cp1252", newline="") as file:
        lines = [file.readline().rstrip("\r\n") for _ in range(4)]
    assert lines[0] == "EC-Lab ASCII FILE", lines
    count = int(lines[1].split(":")[1])
    frame = pandas.read_csv(path, sep="\t", skiprows=count - 1, encoding="cp1252")
    # EC-Lab ends every line with a tab, behind which there is no column.
    found = table(frame.drop(columns=[name for name in frame.columns if name.startswith("Unnamed")]))
    return {**found, "technique": lines[3]}


def read_unitpackage(path):
    import os
    import pandas
    with open(path, encoding="utf-8") as file:
        package = json.load(file)
    resource = package["resources"][0]
    fields = resource["schema"]["fields"]
    frame = pandas.read_csv(os.path.join(os.path.dirname(path), resource["path"]), encoding=resource["encoding"])
    assert list(frame.columns) == [field["name"] for field in fields]
    for field in fields:
        assert frame[field["name"]].dtype.kind == {"number": "f", "integer": "i"}[field["type"]], field
    return {**table(frame), "units": [field["unit"] for field in fields], "metadata": resource["metadata"]}


def read_gsf(path):
    """Through gwyddion: what it identifies, and the numbers that it hands on in its own format."""
    identified = subprocess.run(["gwyddion", "--identify", path], check=True, capture_output=True, text=True).stdout
    own = path + ".gwy"
    subprocess.run(["gwyddion", "--convert-to-gwy=" + own, path], check=True, capture_output=True)
    with open(own, "rb") as file:
        content = file.read()
    def number(key, kind, size):
        at = content.index(key + b"\0" + kind) + len(key) + 2
        return struct.unpack("<" + {b"i": "i", b"d": "d"}[kind], content[at:at + size])[0]
    at = content.index(b"\0data\0D") + 7
    count = struct.unpack("<I", content[at:at + 4])[0]
    values = struct.unpack("<%dd" % count, content[at + 4:at + 4 + 8 * count])
    return {"identified": identified, "xres": number(b"xres", b"i", 4), "yres": number(b"yres", b"i", 4),
            "xreal": number(b"xreal", b"d", 8), "yreal": number(b"yreal", b"d", 8), "values": list(values)}


def read_ome(path):
    import tifffile
    import xml.etree.ElementTree as xml
    with tifffile.TiffFile(path) as tiff:
        document = xml.fromstring(tiff.ome_metadata)
        space = {"o": "http://www.openmicroscopy.org/Schemas/OME/2016-06"}
        images = document.findall("o:Image", space)
        return {"is_ome": bool(tiff.is_ome), "pages": len(tiff.pages), "series": len(tiff.series),
                "names": [image.get("Name") for image in images],
                "pixel_um": [float(image.find("o:Pixels", space).get("PhysicalSizeX")) for image in images],
                "shapes": [list(series.shape) for series in tiff.series],
                "pixels": [[int(v) for v in series.asarray().ravel()] for series in tiff.series],
                "types": [str(series.dtype) for series in tiff.series]}


def read_run(path):
    """The run file itself, with h5py and as xarray sees it."""
    import h5py
    import xarray
    with h5py.File(path) as run:
        programs, waypoints = run["programs"], run["waypoints"]
        current = run["frames/i1"]
        frames = xarray.Dataset({"i1": ("time", current[:] * current.attrs["scale_factor"] + current.attrs["add_offset"])})
        return {"schema_version": int(run.attrs["schema_version"]), "programs": len(programs["t_start"]),
                "waypoints": len(waypoints["tag"]), "E2_units": run["frames/E2"].attrs["units"].decode(),
                "frames": int(frames.sizes["time"]), "i1_max": float(frames["i1"].max())}


def summary(t, E, I_mA, cycles):
    return {"rows": len(t), "first_E": float(E[0]), "last_I_mA": float(I_mA[-1]),
            "cycles": sorted(set(float(c) for c in cycles))}


def read_with_galvani(path):
    import galvani
    with open(path, "rb") as file:
        table, _ = galvani.MPTfile(file)
    return summary(table["time/s"], table["Ewe/V"], table["I/mA"], table["cycle number"])


def read_with_ixdat(path):
    import contextlib
    import time
    import warnings
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(sys.stderr):
        from ixdat.techniques import CyclicVoltammogram
        measurement = CyclicVoltammogram.read(path, reader="biologic")
    found = summary(measurement["time/s"].data, measurement["Ewe/V"].data, measurement["<I>/mA"].data,
                    measurement["cycle number"].data)
    return {**found, "started": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(measurement.tstamp))}


def read_with_yadg(path):
    import pathlib
    import warnings
    warnings.simplefilter("ignore")
    from yadg.extractors.eclab.mpt import extract
    tree = extract(pathlib.Path(path), timezone="UTC", locale="en_US", encoding="windows-1252")
    data = tree.to_dataset()
    metadata = data.attrs["original_metadata"]
    assert data["<I>"].attrs["units"] == "mA"
    found = summary(data["time"].values, data["Ewe"].values, data["<I>"].values, data["cycle number"].values)
    return {**found, "settings": metadata["settings"], "rate_mV_s": metadata["params"]["dE/dt"][0]}


READERS = {"galvani": read_with_galvani, "ixdat": read_with_ixdat, "yadg": read_with_yadg, "csv": read_csv, "mpt": read_mpt, "unitpackage": read_unitpackage, "gsf": read_gsf, "ome": read_ome,
           "run": read_run}
print(json.dumps(READERS[sys.argv[1]](sys.argv[2])))
