#!/usr/bin/env python3
"""Grabs frames from a GigE Vision camera with Aravis' own bindings and writes their bytes one behind the other.

grab_frames.py ADDRESS EXPOSURE_US COUNT FILE        one software trigger per frame
grab_frames.py ADDRESS EXPOSURE_US COUNT FILE free   free running
"""
import sys

import gi

gi.require_version("Aravis", "0.8")
from gi.repository import Aravis  # noqa: E402

address, exposure, count, path = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
free_running = sys.argv[5:] == ["free"]

camera = Aravis.Camera.new(address)
camera.gv_set_stream_options(Aravis.GvStreamOption.PACKET_SOCKET_DISABLED)
camera.set_exposure_time(exposure)
camera.set_acquisition_mode(Aravis.AcquisitionMode.CONTINUOUS)
if not free_running:
    camera.set_trigger("Software")
stream = camera.create_stream(None, None)
stream.set_property("socket-buffer", Aravis.GvStreamSocketBuffer.FIXED)
stream.set_property("socket-buffer-size", 4 << 20)
payload = camera.get_payload()
for _ in range(8):
    stream.push_buffer(Aravis.Buffer.new_allocate(payload))
camera.start_acquisition()
with open(path, "wb") as out:
    for k in range(count):
        if not free_running:
            camera.software_trigger()
        buffer = stream.timeout_pop_buffer(20_000_000)
        if buffer is None or buffer.get_status() != Aravis.BufferStatus.SUCCESS:
            sys.exit(f"frame {k} did not come whole")
        out.write(buffer.get_data())
        stream.push_buffer(buffer)
camera.stop_acquisition()
