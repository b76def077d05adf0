"""Plays the calls of an ordinary FPGA Interface client on libNiFpga.so: open, reset, run, status, one waypoint, samples.

usage: plain_client.py LIBRARY BITFILE        prints the start-up state and what the waypoint did; exit code 0 if all calls succeed
"""
import ctypes
import sys
import xml.etree.ElementTree as ElementTree

library, bitfile = sys.argv[1:]
tree = ElementTree.parse(bitfile).getroot()
signature = tree.find("SignatureRegister").text
nifpga = tree.find("Project").find("CompilationResultsTree").find("CompilationResults").find("NiFpga")
base = int(nifpga.find("BaseAddressOnDevice").text)
address = {r.find("Name").text: base + int(r.find("Offset").text) for r in tree.find("VI").find("RegisterList")}
fifo = {c.get("name"): int(c.find("Number").text) for c in nifpga.find("DmaChannelAllocationList")}

fpga = ctypes.CDLL(library)
session = ctypes.c_uint32()


def call(name, *arguments):
    status = getattr(fpga, "NiFpgaDll_" + name)(*arguments)
    if status < 0:
        sys.exit(f"{name}: status {status}")


def read(name, kind, ctype):
    value = ctype()
    call("Read" + kind, session, ctypes.c_uint32(address[name]), ctypes.byref(value))
    return value.value


def write(name, kind, ctype, value):
    call("Write" + kind, session, ctypes.c_uint32(address[name]), ctype(value))


call("Open", bitfile.encode(), signature.encode(), b"RIO0", ctypes.c_uint32(1), ctypes.byref(session))
call("Reset", session)
state = ctypes.c_uint32()
call("GetFpgaViState", session, ctypes.byref(state))
assert state.value == 0, state.value
write("External Stop", "Bool", ctypes.c_uint8, 0)
write("External Pause", "Bool", ctypes.c_uint8, 1)
for name in fifo:
    depth = ctypes.c_size_t()
    call("StopFifo", session, ctypes.c_uint32(fifo[name]))
    call("ConfigureFifo2", session, ctypes.c_uint32(fifo[name]), ctypes.c_size_t(1048576), ctypes.byref(depth))
    call("StartFifo", session, ctypes.c_uint32(fifo[name]))
write("Buffer Loop Wait Time (tICKS)", "U32", ctypes.c_uint32, 160)
write("HoldTimerScale", "U64", ctypes.c_uint64, 40)
call("WriteArrayU32", session, ctypes.c_uint32(address["P"]), (ctypes.c_uint32 * 1)(0), ctypes.c_size_t(1))
call("Run", session, ctypes.c_uint32(0))

applied = [read("Applied " + axis, "I16", ctypes.c_int16) for axis in "XYZ"]
waiting = bool(read("WaitingForWayPoints", "Bool", ctypes.c_uint8))
line = read("LineNumber", "U64", ctypes.c_uint64)
print("startup", *applied, f"Waiting={waiting} Line={line}")

# One line: hold for 20 ms.
words = (ctypes.c_int16 * 14)(0, 0, 0, 0, 0, 0, *applied, 0, 0, 0, 20000, 32)
room = ctypes.c_size_t()
call("WriteFifoI16", session, ctypes.c_uint32(fifo["Host_To_FPGA_Positions"]), words, ctypes.c_size_t(14), ctypes.c_uint32(0),
     ctypes.byref(room))
write("External Pause", "Bool", ctypes.c_uint8, 0)
while not bool(read("WaitingForWayPoints", "Bool", ctypes.c_uint8)):
    pass
line = read("LineNumber", "U64", ctypes.c_uint64)
remaining = ctypes.c_size_t()
sink = (ctypes.c_int16 * 14)()
count = 0
while True:
    call("ReadFifoI16", session, ctypes.c_uint32(fifo["FPGA_To_Host_FIFO"]), sink, ctypes.c_size_t(14), ctypes.c_uint32(100),
         ctypes.byref(remaining))
    count += 1
    if remaining.value == 0:
        break
print(f"line {line} samples {count} interval {(sink[12] + 32768) * 65536 + sink[13] + 32768}")
call("Close", session, ctypes.c_uint32(0))
