#!/usr/bin/env python3
"""A sweep with QCoDeS on the source meter of the twin as a Keithley 2450, whose lowest range is 10 nA.

    seccm serve quickstart                          # serve.source_meter_dialect = keithley_2450 is the default
    examples/source_meter_qcodes.py 127.0.0.1:5025
"""
import sys

from qcodes.instrument_drivers.Keithley import Keithley2450

host, port = (sys.argv[1:] or ["127.0.0.1:5025"])[0].split(":")
unit = Keithley2450("smu", f"TCPIP::{host}::{port}::SOCKET", visalib="@py", terminator="\n", timeout=10)
unit.reset()
unit.sense_function("current")
unit.source_function("voltage")
unit.source.range(2)
unit.source.limit(1e-6)
unit.sense.range(1e-8)
unit.sense.auto_range(False)
unit.sense.nplc(1)
unit.output_enabled(True)
unit.source.sweep_setup(0, 0.1, 11)
for level, current in zip(unit.source.sweep_axis(), unit.sense.sweep()):
    print(f"{level:.2f} V  {current * 1e12:8.3f} pA")
unit.output_enabled(False)
for part in unit.submodules.values():
    if "user_number" in part.parameters:
        part.user_number(1)  # of five delays; without one QCoDeS asks for delay "USERNone", which no 2450 has
print("parameters in a snapshot:", sum(len(m["parameters"]) for m in unit.snapshot(update=True)["submodules"].values()))
unit.close()
