#!/usr/bin/env python3
"""Three triggered frames of the twin's camera with Aravis, and one of a region, each written as a PGM image.

    seccm serve quickstart
    examples/camera_aravis.py 127.0.0.1 [FOLDER]
"""
import os
import sys

import gi

gi.require_version("Aravis", "0.8")
from gi.repository import Aravis  # noqa: E402

address, folder = (sys.argv[1:] + ["127.0.0.1", "."][len(sys.argv) - 1:])[:2]
camera = Aravis.Camera.new(address)
# Packet sockets, Aravis' choice for root, see nothing on the loopback interface.
camera.gv_set_stream_options(Aravis.GvStreamOption.PACKET_SOCKET_DISABLED)
print(camera.get_vendor_name(), camera.get_model_name(), camera.get_device_serial_number())
camera.set_pixel_format_from_string("Mono16")
camera.set_exposure_time(20000)  # us
camera.set_trigger("Software")


def grab(count, name):
    stream = camera.create_stream(None, None)
    # A frame of megapixels does not fit into the system's default receive buffer.
    stream.set_property("socket-buffer", Aravis.GvStreamSocketBuffer.FIXED)
    stream.set_property("socket-buffer-size", 4 << 20)
    stream.set_property("frame-retention", 1_000_000)
    for _ in range(2):
        stream.push_buffer(Aravis.Buffer.new_allocate(camera.get_payload()))
    camera.start_acquisition()
    for k in range(count):
        buffer = None
        for _ in range(3):  # a busy machine can lose packets of a frame: it is taken again
            if buffer is not None:
                stream.push_buffer(buffer)
            camera.software_trigger()
            buffer = stream.timeout_pop_buffer(20_000_000)
            if buffer is not None and buffer.get_status() == Aravis.BufferStatus.SUCCESS:
                break
        else:
            sys.exit(f"frame {k} did not come whole")
        width, height = buffer.get_image_width(), buffer.get_image_height()
        pixels = buffer.get_data()
        with open(os.path.join(folder, f"{name}{k}.pgm"), "wb") as out:
            out.write(f"P5 {width} {height} 65535\n".encode())
            out.write(bytes(b for k in range(0, len(pixels), 2) for b in (pixels[k + 1], pixels[k])))  # PGM is big-endian
        print(f"{name}{k}: {width} x {height} px, {buffer.get_timestamp() * 1e-9:.6f} s of the rig's time")
        stream.push_buffer(buffer)
    camera.stop_acquisition()


width, height = camera.get_sensor_size()
camera.set_region(0, 0, width, height)
grab(3, "frame")
camera.set_region(width // 4, height // 4, width // 2, height // 2)
grab(1, "region")
