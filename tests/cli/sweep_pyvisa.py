"""A current-voltage sweep with PyVISA and its pure-Python backend: list sweep into the buffer, read out, status.

usage: sweep_pyvisa.py PORT        prints the levels and the currents; exit code 0 if the instrument reported no error
"""
import sys
import time

import pyvisa

manager = pyvisa.ResourceManager("@py")
unit = manager.open_resource(
    f"TCPIP::127.0.0.1::{sys.argv[1]}::SOCKET", read_termination="\n", write_termination="\n", timeout=60000
)
print(unit.query("*IDN?"))
unit.write("*RST;*CLS")
unit.write(":SOUR:FUNC VOLT;:SENS:FUNC 'CURR'")
unit.write(":SOUR:VOLT:RANG 2;:SOUR:VOLT:ILIM 1e-6;:SENS:CURR:RANG 1e-10;:SENS:CURR:NPLC 1")
unit.write(":OUTP ON")
unit.write(":SOUR:SWE:VOLT:LIN -0.2, 0.2, 21, 0, 1, FIXED, OFF, OFF, 'defbuffer1'")
unit.write(":INIT")
while int(unit.query(":TRAC:ACT? 'defbuffer1'")) < 21:
    time.sleep(0.01)
values = unit.query_ascii_values(":TRAC:DATA? 1, 21, 'defbuffer1', SOUR, READ, REL")
print("levels", *(f"{v:g}" for v in values[0::3]))
print("currents", *(f"{v:g}" for v in values[1::3]))
print("times", *(f"{v:g}" for v in values[2::3]))
unit.write(":OUTP OFF")
error = unit.query(":SYST:ERR?")
print(error)
sys.exit(0 if error.startswith("0,") else 1)
