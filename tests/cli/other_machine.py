#!/usr/bin/env python3
"""Who reaches the served twin: its own machine does, another machine on the same wire does not.

other_machine.py SECCM FOLDER loopback|open        exit code 0: as it should be; 77: no right to make a network

Two network namespaces stand for two machines with one cable between them (10.78.0.1, the rig, and 10.78.0.2). `seccm
serve` runs on the rig, with every server that it has: on its default address (loopback) or told to listen on the cable
(open). From both machines every TCP port is connected and asked, and the camera's UDP port gets a discovery and a
WRITEREG of the control privilege, by its address and by broadcast. The namespaces are gone with the processes.
"""
import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
RIG, OTHER, BROADCASTS = "10.78.0.1", "10.78.0.2", ("255.255.255.255", "10.78.0.255")
PRIVILEGE = 0xA00
seccm, folder, kind = sys.argv[1:]
libc = ctypes.CDLL(None, use_errno=True)


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def unshare(flags):
    if libc.unshare(flags) != 0:
        skip(f"no network namespace: {os.strerror(ctypes.get_errno())}")


def ip(*words):
    """Right to make a namespace is right to furnish it: what fails here is a fault."""
    subprocess.run(["ip", *words], check=True)


def route_loopback():
    """Whether this namespace now takes 127.0.0.1 for an address like any other."""
    try:
        with open("/proc/sys/net/ipv4/conf/all/route_localnet", "w") as switch:
            switch.write("1")
        return True
    except OSError:
        print("/proc/sys can not be written: 127.0.0.1 is not tried by a route")
        return False


def packet(command, payload, flags=0x01):
    return struct.pack(">BBHHH", 0x42, flags, command, len(payload), 0x1234) + payload


DISCOVERY = packet(0x0002, b"", 0x11)
TAKE = packet(0x0082, struct.pack(">II", PRIVILEGE, 2))
RELEASE = packet(0x0082, struct.pack(">II", PRIVILEGE, 0))
READ = packet(0x0080, struct.pack(">I", PRIVILEGE))


def udp(own, place, datagram):
    """The status of the answer, None if there is none; `own`: the address that it is sent from."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        wire.settimeout(0.5)
        wire.bind((own, 0))
        try:
            wire.sendto(datagram, (place, 3956))
            reply = wire.recv(2048)
        except OSError:
            return None
        if datagram is TAKE and place not in BROADCASTS:
            wire.sendto(RELEASE, (place, 3956))
        return struct.unpack(">H", reply[:2])[0], reply[8:12]


def tcp(place, port):
    """Whether a server talks there. *IDN? with either end is no command of the lamps, which answer XVER."""
    try:
        with socket.create_connection((place, port), timeout=0.5) as wire:
            wire.settimeout(5)
            wire.sendall(b"XVER\r" if port == ports["light"] else b"*IDN?\n")
            return len(wire.recv(1)) == 1
    except OSError:
        return False


def reached(own, place, broadcasts):
    answers = {f"TCP {name} at {place}:{port}": tcp(place, port) for name, port in ports.items()}
    for what, datagram in (("discovery", DISCOVERY), ("WRITEREG", TAKE)):
        for to in (place, *broadcasts):
            answers[f"UDP {what} to {to}"] = udp(own, to, datagram) is not None
    return answers


def expect(who, answers, wanted):
    global faults
    for what, answered in answers.items():
        right = answered == wanted(what)
        print(f"{who}: {what}: {'answered' if answered else 'no answer'}{'' if right else '   <- WRONG'}")
        faults += not right


unshare(CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET)
ip("link", "set", "lo", "up")
to_other, from_rig = os.pipe(), os.pipe()
child = os.fork()
faults = 0
if child == 0:
    unshare(CLONE_NEWNET)
    os.write(from_rig[1], b"1")
    ports = json.loads(os.read(to_other[0], 4096))
    ip("link", "set", "lo", "up")
    ip("link", "set", "far", "up")
    ip("addr", "add", f"{OTHER}/24", "broadcast", "+", "dev", "far")
    # The cable works: else nothing could answer and the test would say nothing.
    for _ in range(50):
        if tcp(RIG, ports["control"]):
            break
        time.sleep(0.1)
    else:
        print("the cable does not carry")
        os._exit(1)
    control_port = ports.pop("control")
    answers = reached(OTHER, RIG, BROADCASTS)
    if kind == "loopback" and route_loopback():
        # The rig's kernel routes 127.0.0.1 (container hosts are set up so), and this machine sends there.
        ip("addr", "flush", "dev", "lo")
        ip("route", "add", "127.0.0.1/32", "via", RIG, "src", OTHER)
        if tcp("127.0.0.1", control_port):
            routed = reached(OTHER, "127.0.0.1", ())
            answers |= {what + " routed there": answered for what, answered in routed.items()}
        else:
            print("other machine: this kernel does not route 127.0.0.1")
    if kind == "open":
        # Discovery by broadcast is what the standard asks of a camera; nothing else is listened to.
        expect("other machine", answers, lambda what: "WRITEREG to 255" not in what and "WRITEREG to 10.78.0.255" not in what)
    else:
        expect("other machine", answers, lambda what: False)
    sys.stdout.flush()
    os._exit(1 if faults else 0)

os.close(from_rig[1])
if not os.read(from_rig[0], 1):
    skip("no second network namespace")
ip("link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(child))
ip("addr", "add", f"{RIG}/24", "broadcast", "+", "dev", "near")
ip("link", "set", "near", "up")
route_loopback()
control = socket.create_server(("", 0))
acceptor = os.fork()
if acceptor == 0:
    while True:
        wire, _ = control.accept()
        try:
            wire.sendall(b"x")
        except OSError:
            pass
        wire.close()
ready = os.path.join(folder, "listening.json")
words = [seccm, "serve", "quickstart", "--ready", ready]
if kind == "open":
    words += ["--set", f"serve.address={RIG}"]
twin = subprocess.Popen(words, stdout=subprocess.DEVNULL)
for _ in range(600):
    if os.path.exists(ready) and os.path.getsize(ready) > 0:
        break
    time.sleep(0.1)
places = {l["instrument"]: l["where"] for l in json.load(open(ready))["listeners"]}
ports = {name: int(where.split(":")[1]) for name, where in places.items() if name != "camera"}
assert set(places) == {"stage", "light", "source meter", "camera"}, places
os.write(to_other[1], json.dumps(ports | {"control": control.getsockname()[1]}).encode())
other = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
faults += other != 0
os.kill(acceptor, signal.SIGKILL)

home = RIG if kind == "open" else "127.0.0.1"
print("privilege behind what the other machine tried:", udp(home, home, READ))
faults += udp(home, home, READ) != (0, bytes(4))
broadcasts = ("255.255.255.255",)
expect("the rig itself", reached(home, home, broadcasts), lambda what: "WRITEREG to 255" not in what)
twin.send_signal(signal.SIGINT)
faults += twin.wait(timeout=30) != 0
print(faults, "faults")
sys.stdout.flush()
sys.exit(77 if other == 77 else 1 if faults else 0)
