"""Every question that PIPython has for what the controller says it can do, and the helpers around them: none times out.

every_pipython.py HOST:PORT        prints what each gave; exit code 1 if one failed or left an error behind
"""
import sys
import time

from pipython import GCSDevice, datarectools, pitools
from pipython.pidevice.interfaces.pisocket import PISocket

host, port = sys.argv[1].split(":")
faults = 0


def tried(name, call):
    global faults
    start = time.monotonic()
    try:
        said = str(call()).replace("\n", "|")[:70]
    except Exception as error:  # noqa: BLE001
        said = f"FAILED: {type(error).__name__}: {error}"
        faults += 1
    took = time.monotonic() - start
    if took > 3.0:
        said += "   TOOK TOO LONG"
        faults += 1
    print(f"{name:24s} {took:6.3f} s  {said}")


d = GCSDevice(gateway=PISocket(host, int(port)))
for modes in (None, "FRF", "FNL", "FPL", ["ATZ", None, "FRF"], "ATZ"):
    before = d.qPOS()
    tried(f"startup {modes}", lambda modes=modes: pitools.startup(d, refmodes=modes))
    tried("waitonreferencing", lambda: pitools.waitonreferencing(d, timeout=3))
    # After ATZ the library itself moves the axes to 0.
    if "ATZ" not in str(modes) and any(abs(d.qPOS()[axis] - before[axis]) > 0.05 for axis in before):
        faults += 1
        print("   MOVED")
# All questions without arguments that the controller's own help names.
for name in sorted(d.funcs):
    if name.startswith("q") and name not in ("qDRR", "qGWD") and hasattr(d, name):
        tried(name, getattr(d, name))
for name in ("IsMoving", "IsControllerReady", "IsGeneratorRunning"):
    tried(name, getattr(d, name))
tried("qSPA('1', 0x07000000)", lambda: d.qSPA("1", 0x07000000))
for parameter in (0x16000200, 0x16000201, 0x16000300, 0x13000004, 0x0E000200):
    tried(f"getparam({parameter:#x})", lambda p=parameter: d.getparam(p))
tried("ATZ NaN", lambda: d.ATZ(["1"], ["NaN"]))
tried("ATZ nan", lambda: d.ATZ("2", "nan"))
tried("waitonautozero", lambda: pitools.waitonautozero(d, ["1", "2"]))
tried("getservotime", lambda: datarectools.getservotime(d))
tried("getmaxnumvalues", lambda: datarectools.getmaxnumvalues(d))
tried("WAV_PNT", lambda: pitools.writewavepoints(d, 1, [1e-3 * k for k in range(50)], bunchsize=7))
tried("WAV_LIN", lambda: d.WAV_LIN(2, 0, 50, "X", 5, 1.0, 0.0, 50))
tried("WAV_RAMP", lambda: d.WAV_RAMP(3, 0, 50, "X", 25, 5, 1.0, 0.0, 50))
tried("WAV_SIN_P", lambda: d.WAV_SIN_P(4, 0, 50, "&", 25, 1.0, 0.0, 50))
tried("WTR list", lambda: d.WTR([1, 2, 3], [10, 10, 10], [0, 0, 0]))
tried("qWTR", d.qWTR)
tried("qWAV", lambda: d.qWAV([1, 2], [1, 1]))
tried("qGWD", lambda: d.qGWD([1], 1, 50))
while d.bufstate is not True:
    time.sleep(0.01)
tried("points of the table", lambda: d.bufdata[0][:3])
if len(d.bufdata[0]) != 50 or abs(d.bufdata[0][49] - 0.049) > 1e-6:
    faults += 1
tried("WSL", lambda: d.WSL([1], [1]))
tried("WGC", lambda: d.WGC([1], [1]))
tried("WGO", lambda: d.WGO([1], [1]))
tried("waitonwavegen", lambda: pitools.waitonwavegen(d, 1))
recorder = datarectools.Datarecorder(d)
tried("recopts", lambda: recorder.recopts)
tried("trigopts", lambda: recorder.trigopts)
tried("rectimemax", lambda: setattr(recorder, "rectimemax", 2.0) or recorder.sampletime)
recorder.numvalues, recorder.trigsources = 64, datarectools.TriggerSources.NEXT_COMMAND_WITH_RESET_2
tried("arm", recorder.arm)
tried("MOV", lambda: d.MOV("1", 0.5))
tried("getdata", lambda: recorder.getdata(timeout=3)[1][0][:2])
tried("moveandwait", lambda: pitools.moveandwait(d, d.axes, [1.0] * len(d.axes)))
tried("movetomiddle", lambda: pitools.movetomiddle(d, "1"))
tried("stopall", lambda: pitools.stopall(d))
if d.qERR() != 0:
    faults += 1
print(faults, "faults")
sys.exit(1 if faults else 0)
