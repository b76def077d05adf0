#!/usr/bin/env python3
"""Tries what a GigE Vision camera announces not to accept, with Aravis' own bindings.

announced_ranges.py ADDRESS        prints what it tried; exit code 1 if anything was accepted that should not be

Every writable feature of the camera's own description: one step below its least and above its largest value, a choice
that it does not name, a command value that is none, half of a long register, and registers that are read only. What was
refused must be refused as the camera's answer, not after a wait, and must have changed nothing.
"""
import sys
import time

import gi

gi.require_version("Aravis", "0.8")
from gi.repository import Aravis, GLib  # noqa: E402

WRITE_PROTECT, INVALID = "write-protect", "invalid-parameter"
camera = Aravis.Camera.new(sys.argv[1])
device = camera.get_device()
genicam = device.get_genicam()
faults = []
tried = 0


def refused(what, write, read, reason):
    global tried
    tried += 1
    before, start = read(), time.monotonic()
    try:
        write()
        faults.append(f"{what}: accepted")
    except GLib.Error as error:
        if reason not in error.message:
            faults.append(f"{what}: {error.message}")
    if time.monotonic() - start > 0.2:
        faults.append(f"{what}: took {time.monotonic() - start:.3f} s")
    if read() != before:
        faults.append(f"{what}: changed {before} to {read()}")


def features(name="Root"):
    node = genicam.get_node(name)
    if isinstance(node, Aravis.GcCategory):
        for member in node.get_features():
            yield from features(member)
    elif node is not None:
        yield name, node


def numbers(name, node, step):
    low, high = node.get_min(), node.get_max()
    for value in (low - step, high + step, 10 * high + step):
        if isinstance(node, Aravis.GcInteger) and value < 0:
            continue  # is no unsigned number
        refused(f"{name} = {value}", lambda v=value: node.set_value(v), node.get_value, INVALID)


for name, node in features():
    register = genicam.get_node(name + "Register")
    address = register.get_address() if register is not None else None
    word = lambda a=address: device.read_register(a)  # noqa: E731
    if isinstance(node, Aravis.GcEnumeration):
        refused(f"{name} = 77", lambda: device.write_register(address, 77), word, INVALID)
    elif isinstance(node, Aravis.GcCommand):
        refused(f"{name} = 2", lambda: device.write_register(address, 2), word, INVALID)
    elif isinstance(node, Aravis.GcFloat):
        numbers(name, node, 1e-3)
        refused(f"half of {name}", lambda: device.write_register(address, 0), word, "invalid-access")
    elif name in ("SensorWidth", "SensorHeight", "WidthMax", "HeightMax", "PayloadSize"):
        refused(f"{name} = 8", lambda: device.write_register(address, 8), word, WRITE_PROTECT)
    elif name not in ("GevTimestampTickFrequency", "TLParamsLocked") and not name.startswith("Device"):
        numbers(name, node, node.get_inc())

# A region that leaves the sensor by its place, not by its size.
width = device.get_integer_feature_value("Width")
device.set_integer_feature_value("Width", width // 2)
half = width - width // 2
device.set_integer_feature_value("OffsetX", half)
for name, value in (("Width", width // 2 + 1), ("OffsetX", half + 1)):
    node = genicam.get_node(name)
    refused(f"{name} = {value} of a shifted region", lambda: node.set_value(value), node.get_value, INVALID)

print(tried, "refusals asked for")
print("\n".join(faults))
sys.exit(1 if faults or tried < 40 else 0)
