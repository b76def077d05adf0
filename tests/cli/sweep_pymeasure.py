"""A current-voltage sweep with PyMeasure's classes for the Keithley 2450 or 2400.

usage: sweep_pymeasure.py 2450|2400 PORT        prints levels and currents; exit code 0 if no error was reported
"""
import sys
import warnings

warnings.filterwarnings("ignore")
from pymeasure.instruments.keithley import Keithley2400, Keithley2450  # noqa: E402

model, port = sys.argv[1:]
make = {"2450": Keithley2450, "2400": Keithley2400}[model]
unit = make(
    f"TCPIP::127.0.0.1::{port}::SOCKET",
    visa_library="@py",
    read_termination="\n",
    write_termination="\n",
    timeout=60000,
)
print(unit.id)
unit.reset()
unit.use_front_terminals()
unit.apply_voltage(voltage_range=2, compliance_current=1e-6)
unit.measure_current(nplc=1)
unit.source_voltage = 0
unit.enable_source()
levels = [0.1 * k for k in range(-2, 3)]
currents = []
for level in levels:
    unit.source_voltage = level
    currents.append(unit.current)
print("levels", *(f"{v:g}" for v in levels))
print("currents", *(f"{v:g}" for v in currents))
if model == "2400":
    unit.config_buffer(5)
    unit.start_buffer()
    unit.wait_for_buffer(interval=0.001)
    print("buffer", *(f"{v:g}" for v in unit.buffer_data))
    unit.stop_buffer()
unit.ramp_to_voltage(0, steps=5, pause=0)
unit.disable_source()
code, message = unit.error
print(code, message)
sys.exit(0 if code == 0 else 1)
