#!/usr/bin/env python3
"""A client of a GigE Vision camera that another one controls: it may read, and each of its writes is refused at once.

second_client.py ADDRESS
"""
import sys
import time

import gi

gi.require_version("Aravis", "0.8")
from gi.repository import Aravis, GLib  # noqa: E402

start = time.monotonic()
camera = Aravis.Camera.new(sys.argv[1])
opened = time.monotonic() - start
print("width", camera.get_device().get_integer_feature_value("Width"))
start = time.monotonic()
try:
    camera.get_device().write_register(0xA00, 2)
    print("took the control")
except GLib.Error as error:
    print(error.message)
try:
    camera.set_exposure_time(2000)
    print("wrote")
except GLib.Error as error:
    print(error.message)
print(f"opened in {opened:.3f} s, refused in {time.monotonic() - start:.3f} s")
sys.exit(0 if opened < 1.0 and time.monotonic() - start < 0.5 else 1)
