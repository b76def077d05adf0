#!/usr/bin/env python3
"""The stage of the twin with PIPython, the maker's library for its controllers: start-up, a move, a wave with its record.

    seccm serve quickstart                      # in one terminal
    examples/stage_pipython.py 127.0.0.1:50000  # in another

The same program works on the controller: PISocket with its address instead.
"""
import sys

from pipython import GCSDevice, datarectools, pitools
from pipython.pidevice.interfaces.pisocket import PISocket

host, port = (sys.argv[1:] or ["127.0.0.1:50000"])[0].split(":")
stage = GCSDevice(gateway=PISocket(host, int(port)))
print(stage.qIDN().strip())
# Finds the zero of x and y, switches the servo on, moves them to 0. Not z: its 0 is down in the sample.
pitools.startup(stage, refmodes=["ATZ", "ATZ", None], servostates=True)
print("travel", *(f"{stage.qTMN(a)[a]:g}..{stage.qTMX(a)[a]:g} um" for a in stage.axes))

stage.VEL("1", 100)
pitools.moveandwait(stage, "1", 5.0)  # 5 um
print(f"position {stage.qPOS('1')['1']:.3f} um")

# A wave of given points on axis 1, in bunches, five servo cycles a point.
points = [5.0 + 0.1 * abs((k % 200) - 100) / 100 for k in range(400)]
pitools.writewavepoints(stage, 1, points, bunchsize=100)
print("wave table of", int(stage.qWAV(1, 1)[1][1]), "points, room for", stage.qWMS(1)[1])
stage.WTR(list(range(1, 4)), [5] * 3, [0] * 3)
stage.WSL(1, 1)
stage.WGC(1, 1)

record = datarectools.Datarecorder(stage)
record.options = [1, datarectools.RecordOptions.ACTUAL_POSITION_2]
record.sources = ["1", "1"]
record.trigsources = datarectools.TriggerSources.POSITION_CHANGING_COMMAND_1
record.sampletime = 1e-3
record.numvalues = 100
record.arm()
stage.MOV("1", 6.0)
header, (target, position) = record.getdata(timeout=10)
print(f"recorded {len(position)} values {record.sampletime * 1e3:g} ms apart: {position[0]:.3f} to {position[-1]:.3f} um")
pitools.waitontarget(stage, "1")
stage.WGO(1, 1)
pitools.waitonwavegen(stage, 1)
print("error", stage.qERR())
