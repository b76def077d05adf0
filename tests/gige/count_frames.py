#!/usr/bin/env python3
"""Counts the frames of one acquisition of a GigE Vision camera.

count_frames.py ADDRESS MODE N trigger|free        prints the frames that came, the camera's N being its frame count
"""
import sys

import gi

gi.require_version("Aravis", "0.8")
from gi.repository import Aravis  # noqa: E402

address, mode, count, trigger = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "trigger"
camera = Aravis.Camera.new(address)
camera.gv_set_stream_options(Aravis.GvStreamOption.PACKET_SOCKET_DISABLED)
camera.set_exposure_time(1000)
camera.set_string("AcquisitionMode", mode)
camera.set_integer("AcquisitionFrameCount", count)
if trigger:
    camera.set_trigger("Software")
else:
    camera.set_frame_rate(100)
stream = camera.create_stream(None, None)
for _ in range(20):
    stream.push_buffer(Aravis.Buffer.new_allocate(camera.get_payload()))
came = []
for _ in range(2):  # an acquisition that has ended by itself can be started again
    frames = 0
    camera.start_acquisition()
    while frames < 12:
        if trigger:
            camera.software_trigger()
        buffer = stream.timeout_pop_buffer(2_000_000)
        if buffer is None:
            break
        if buffer.get_status() != Aravis.BufferStatus.SUCCESS:
            sys.exit(f"frame {frames}: {buffer.get_status().value_nick}")
        stream.push_buffer(buffer)
        frames += 1
    camera.stop_acquisition()
    came.append(frames)
print(*came)
