#!/usr/bin/env python3
"""The FPGA image of the rig with the maker's Python package nifpga, on libNiFpga.so with the twin behind it.

    SECCM_RIG=quickstart LD_LIBRARY_PATH=build/release/lib/nifpga \\
        examples/fpga_nifpga.py instrument/wecspm/software_target.lvbitx

On the rig: its own bitfile, and the maker's library in the place of ours.
"""
import sys

from nifpga import Session

with Session(sys.argv[1], "RIO0", no_run=True) as session:
    registers = session.registers
    session.reset()
    registers["External Stop"].write(False)
    registers["External Pause"].write(True)
    session.run()
    print("state", session.fpga_vi_state.name)
    for name in ("Applied X", "Applied Y", "Applied Z", "LineNumber", "WaitingForWayPoints"):
        print(f"{name:20s} {registers[name].read()}")
    print(len(registers), "registers,", len(session.fifos), "FIFOs")
