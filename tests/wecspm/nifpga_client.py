"""The open host's calls on libNiFpga.so with the Python package nifpga, unmodified: session, approach, acceptance, cancel.

usage: nifpga_client.py BITFILE       prints what it found; exit code 0 if each answer is the expected one. SECCM_RIG names
the rig, LD_LIBRARY_PATH the folder of libNiFpga.so; exit code 77 without the package.
"""
import sys
import time

try:
    from nifpga import Session
    from nifpga.nifpga import FlowControl
    from nifpga.status import InvalidParameterError, ResourceNotFoundError
except ImportError:
    print("nifpga is not installed")
    sys.exit(77)

try:
    Session(sys.argv[1], "RIO7", no_run=True)
    sys.exit("a device that is not there was opened")
except ResourceNotFoundError:
    pass

with Session(sys.argv[1], "RIO0", no_run=True) as session:
    registers, fifos = session.registers, session.fifos
    positions, data = fifos["Host_To_FPGA_Positions"], fifos["FPGA_To_Host_FIFO"]

    def write(**values):
        for name, value in values.items():
            registers[name.replace("_", " ")].write(value)

    def connect():
        session.reset()
        assert session.fpga_vi_state.name == "NotRunning"
        write(External_Stop=False, External_Pause=True, Internal_Pause=False, EndCurrentLine=False)
        for fifo in (positions, data):
            fifo.stop()
            assert fifo.configure(1048576) == 1048576
            fifo.start()
        registers["Buffer Loop Wait Time (tICKS)"].write(160)
        registers["HoldTimerScale"].write(40)
        assert registers["HoldTimerScale"].read() == 40
        registers["2^(-n)"].write(8)
        for name, value in (("FeedBackType", 1), ("Feedback_Threshold", 32768), ("GreaterThan", True),
                            ("FeedBackType 2", 2), ("Feedback_Threshold 2", 32768), ("GreaterThan 2", True),
                            ("P", 0.0), ("Upper limit Of dZ", 10), ("P2AvgWhole", 1), ("P2AvgMinus", 0),
                            ("Feedback1 on  Hold", False), ("DistanceToBulk", 0), ("DistanceToBulk 2", 0),
                            ("DistanceToBulk 3", 0)):
            registers[name].write(value)
        session.run()
        found = [registers[name].read() for name in ("Applied X", "Applied Y", "Applied Z", "LineNumber")]
        assert found == [0x3FFF, 0x3FFF, 0, 0] and registers["WaitingForWayPoints"].read(), found
        assert session.fpga_vi_state.name == "Running"

    def until(condition, seconds=3.0):
        """Stepped time: each look takes 50 us of the rig."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "no answer"

    def line(action, z, word, hold=0):
        flags = (4 if word else 0) | (32 if hold else 0)
        return [action, 0, 0, word, 0, 0, 0x3FFF, 0x3FFF, z, 0, 0, 2, hold, flags]

    def begin(lines):
        baseline = registers["LineNumber"].read()
        registers["External Pause"].write(True)
        registers["ExpandVelScaller Z"].write(-15)
        positions.write([word for one in lines for word in one], timeout_ms=100)
        registers["External Pause"].write(False)
        return baseline

    connect()
    # An approach that nothing stops; the operator accepts it as contact.
    baseline = begin([line(0, 0, 0, hold=20000), line(2, 9000, 26)])
    until(lambda: registers["LineNumber"].read() == baseline + 2)
    assert not registers["WaitingForWayPoints"].read()
    until(lambda: registers["Applied Z"].read() > 1000)
    before = registers["Applied Z"].read()
    registers["Feedback_Threshold 2"].write(-32769)
    stopped = registers["Applied Z"].read()
    assert registers["WaitingForWayPoints"].read() and registers["LineNumber"].read() == baseline + 2
    assert stopped - before < 70, (before, stopped)  # two looks and a sample of 33 counts
    print("accepted as contact at once")
    registers["Feedback_Threshold 2"].write(32768)

    words = data.read(0).elements_remaining
    samples = data.read(words // 14 * 14).data
    assert set(samples[9::14]) == {baseline + 1, baseline + 2}

    # The end of travel is held, and released in the same way.
    baseline = begin([line(2, stopped + 300, 26)])
    until(lambda: registers["Applied Z"].read() == stopped + 300)
    for _ in range(200):
        assert not registers["WaitingForWayPoints"].read() and registers["LineNumber"].read() == baseline + 1
    registers["Feedback_Threshold 2"].write(-32769)
    assert registers["WaitingForWayPoints"].read() and registers["LineNumber"].read() == baseline + 1
    registers["Feedback_Threshold 2"].write(32768)

    # Cancel: acknowledged by waiting, under the stop and with the VI running.
    begin([line(0, 0, 0, hold=32000) for _ in range(100)])
    until(lambda: registers["LineNumber"].read() >= 5)
    registers["External Pause"].write(True)
    registers["External Stop"].write(True)
    registers["External Pause"].write(False)
    until(lambda: registers["WaitingForWayPoints"].read())
    assert session.fpga_vi_state.name == "Running"
    print("cancel acknowledged")

    # What is not there is refused, by an error that the package names.
    for name, value in (("LineNumber", 7), ("Change V on Fly 2", True), ("P2AvgWhole", 3), ("P", 0.5)):
        try:
            registers[name].write(value)
            sys.exit(f"{name} = {value} was accepted")
        except InvalidParameterError:
            pass

    try:
        session.run(wait_until_done=True)
        sys.exit("the VI was done")
    except InvalidParameterError:
        pass

    assert data.buffer_size == 1048576 and data.buffer_allocation_granularity == 1
    assert data.flow_control == FlowControl.EnableFlowControl.value and data.elements_currently_acquired == 0
    data.buffer_size = 65536
    data.commit_configuration()
    assert data.buffer_size == 65536
    print("FIFO properties answered")

    session.abort()
    assert session.fpga_vi_state.name == "NotRunning"
    session.download()
    connect()
    print("aborted, downloaded and run anew")
