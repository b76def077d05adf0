#!/usr/bin/env python3
"""A staircase voltammogram with PyMeasure on the source meter of the twin: a Keithley 6430, which speaks as a 2400 does.

    seccm serve quickstart --set serve.source_meter_dialect=keithley_6430
    examples/source_meter_pymeasure.py 127.0.0.1:5025

In air the current is that of the stray capacitance; over a droplet on the sample (lower the stage first) the cell's.
"""
import sys

from pymeasure.instruments.keithley import Keithley2400

host, port = (sys.argv[1:] or ["127.0.0.1:5025"])[0].split(":")
unit = Keithley2400(f"TCPIP::{host}::{port}::SOCKET", visa_library="@py", read_termination="\n", write_termination="\n",
                    timeout=10000)
print(unit.id)
unit.reset()
unit.apply_voltage(voltage_range=2, compliance_current=1e-6)
unit.measure_current(nplc=1, current=1e-10, auto_range=False)
unit.source_voltage = 0
unit.enable_source()
print("range", f"{unit.current_range:g} A")
unit.write(":FORM:ELEM CURR")
levels = [0.02 * k for k in range(11)] + [0.02 * k for k in range(9, -1, -1)]
for level in levels:
    unit.source_voltage = level
    print(f"{level:.2f} V  {unit.current * 1e12:8.3f} pA")
unit.shutdown()
