#!/usr/bin/env python3
"""The twin's stage and source meter as ophyd devices, and a Bluesky scan of the current over x.

    seccm serve quickstart
    examples/bluesky_ophyd.py 127.0.0.1:50000 127.0.0.1:5025

No EPICS between: the devices speak GCS and SCPI themselves, over sockets. They do so to the real ones as well.
"""
import socket
import sys
import threading
import time

import bluesky.plan_stubs as bps
import bluesky.plans as bp
from bluesky import RunEngine
from ophyd import Component, Device, Kind
from ophyd.signal import Signal
from ophyd.status import DeviceStatus


class Line:
    """One line out, one reply in."""

    def __init__(self, place):
        host, port = place.split(":")
        self._wire = socket.create_connection((host, int(port)), timeout=10)
        self._in = self._wire.makefile("rb")
        self._lock = threading.Lock()

    def send(self, text):
        with self._lock:
            self._wire.sendall(text.encode() + b"\n")

    def ask(self, text):
        with self._lock:
            self._wire.sendall(text.encode() + b"\n")
            return self._in.readline().decode().strip()


class PolledSignal(Signal):
    """A signal whose value is asked for when it is read."""

    def __init__(self, *, ask, **words):
        super().__init__(**words)
        self._ask = ask

    def get(self, **words):
        return self._ask(self.parent)


class GcsAxis(Device):
    """One axis of a GCS 2.0 controller; positions in um."""

    readback = Component(PolledSignal, ask=lambda d: float(d.asked("POS?")), kind=Kind.hinted)
    setpoint = Component(PolledSignal, ask=lambda d: float(d.asked("MOV?")), kind=Kind.normal)
    velocity = Component(PolledSignal, ask=lambda d: float(d.asked("VEL?")), kind=Kind.config)

    def __init__(self, line, axis, *, name):
        self._line, self._axis = line, axis
        super().__init__("", name=name)
        self.readback.name = name
        self.command("SVO", 1)

    def asked(self, question):
        return self._line.ask(f"{question} {self._axis}").split("=")[1]

    def command(self, name, value):
        self._line.send(f"{name} {self._axis} {value:.9g}")
        error = self._line.ask("ERR?")
        if error != "0":
            raise RuntimeError(f"GCS error {error} of {name} {self._axis} {value}")

    @property
    def position(self):
        return self.readback.get()

    def set(self, target):
        self.command("MOV", target)
        status = DeviceStatus(self, timeout=60)

        def watch():
            while self.asked("ONT?") != "1":
                time.sleep(0.01)
            status.set_finished()

        threading.Thread(target=watch, daemon=True).start()
        return status

    def stop(self, *, success=False):
        self._line.send(f"HLT {self._axis}")
        self._line.ask("ERR?")  # 10: stopped, as it was told


class SourceMeter(Device):
    """A current at a fixed potential; SCPI as a Keithley 2450 speaks it."""

    current = Component(Signal, value=0.0, kind=Kind.hinted)
    potential = Component(PolledSignal, ask=lambda d: float(d.line.ask(":SOUR:VOLT?")), kind=Kind.normal)

    def __init__(self, line, *, name):
        self.line = line
        super().__init__("", name=name)
        self.current.name = name
        line.send("*RST;:SOUR:VOLT:RANG 2;:SOUR:VOLT:ILIM 1e-6;:SENS:CURR:NPLC 1;:SOUR:VOLT 0.1;:OUTP ON")

    def trigger(self):
        status = DeviceStatus(self, timeout=10)

        def measure():
            self.current.put(float(self.line.ask(":READ?")))
            status.set_finished()

        threading.Thread(target=measure, daemon=True).start()
        return status


stage_place, meter_place = (sys.argv[1:] + ["127.0.0.1:50000", "127.0.0.1:5025"][len(sys.argv) - 1:])[:2]
x = GcsAxis(Line(stage_place), 1, name="x")
meter = SourceMeter(Line(meter_place), name="current")

events = []
engine = RunEngine({})
engine.subscribe(lambda name, document: events.append(document["data"]) if name == "event" else None)
engine(bp.scan([meter], x, 1, 3, 5))
for data in events:
    print(f"x {data['x']:.3f} um  current {data['current'] * 1e12:.3f} pA")
engine(bps.mv(x, 0))
print(f"back at {x.position:.3f} um")
