"""Every property and parameter that PyMeasure and QCoDeS have of a source meter, read from `seccm serve`: none times out.

every_keithley.py pymeasure2450|pymeasure2400|qcodes HOST:PORT

PyMeasure: every property is read, and what was read is written back where that is a setting. QCoDeS: a snapshot with
update=True, then every settable parameter of the functions in use written with what it reads; sweep and reading. What
the unit refuses must be refused at once and be in its error queue, never silence. Exit code 1 if a question timed out.
"""
import sys
import time
import warnings

warnings.filterwarnings("ignore")
client, place = sys.argv[1:]
host, port = place.split(":")
address = f"TCPIP::{host}::{port}::SOCKET"
faults = 0


def tried(name, call):
    global faults
    start = time.monotonic()
    try:
        said = str(call())[:60]
    except Exception as error:  # noqa: BLE001
        said = f"{type(error).__name__}: {error}"[:110]
        if "timeout" in said.lower() or "tmo" in said.lower():
            said += "   <- TIMED OUT"
            faults += 1
    if time.monotonic() - start > 2.5:
        said += "   <- TOOK TOO LONG"
        faults += 1
    print(f"{name:42s} {time.monotonic() - start:6.3f} s  {said}")


def pymeasure(model):
    global faults
    import pymeasure as package
    from pymeasure.instruments import keithley

    kind = {"2450": keithley.Keithley2450, "2400": keithley.Keithley2400}[model]
    unit = kind(address, visa_library="@py", read_termination="\n", write_termination="\n", timeout=3000)
    print(unit.id)
    unit.reset()
    unit.apply_voltage(voltage_range=2, compliance_current=1e-6)
    unit.measure_current()
    unit.source_voltage = 0.1
    unit.enable_source()
    passive = {"buffer_data"}  # of a buffer that is empty
    if package.__version__.startswith("0.9"):
        passive.add("voltage_nplc")  # of the 2400, misspelt up to there: ":SENS:CURRVOLT:NPLC?", which no unit answers
    for name in sorted(n for n in dir(kind) if not n.startswith("_")):
        attribute = getattr(kind, name)
        if not isinstance(attribute, property) or name in passive or attribute.fget is None:
            continue
        read = []
        tried(name, lambda: read.append(getattr(unit, name)) or read[-1])
        if attribute.fset is not None and read and read[0] is not None:
            tried(name + " = what it was", lambda: setattr(unit, name, read[0]))
    for name, call in {
        "ramp_to_voltage": lambda: unit.ramp_to_voltage(0.2, steps=5, pause=0),
        "config_buffer": lambda: unit.config_buffer(5),
        "start_buffer": unit.start_buffer,
        "beep": lambda: unit.beep(440, 0.1),
        "trigger": unit.trigger,
        "check_errors": unit.check_errors,
        "shutdown": unit.shutdown,
    }.items():
        tried(name, call)
    unit.write("*CLS")
    tried("alive", lambda: unit.id)
    if model not in str(unit.id) and "6430" not in str(unit.id):
        faults += 1


def qcodes():
    global faults
    import qcodes.instrument_drivers.Keithley as drivers
    unit = drivers.Keithley2450("smu", address, visalib="@py", terminator="\n", timeout=3)
    unit.reset()
    unit.sense_function("current")
    unit.source_function("voltage")
    for part in list(unit.submodules.values()):
        if "user_number" in getattr(part, "parameters", {}):
            part.parameters["user_number"](1)
    tried("terminals", unit.terminals)
    unit.source.range(2)
    unit.source.limit(1e-6)
    tried("auto_zero off", lambda: unit.sense.auto_zero_enabled(False))
    tried("auto_zero", unit.sense.auto_zero_enabled)
    tried("four_wire", unit.sense.four_wire_measurement)
    tried("count", lambda: unit.sense.count(3))
    unit.output_enabled(True)
    tried("source.voltage", lambda: unit.source.voltage(0.1))
    tried("sense.current", unit.sense.current)
    unit.sense.count(1)
    tried("snapshot(update=True)", lambda: len(str(unit.snapshot(update=True))))
    for part in (unit, unit.source, unit.sense):
        for name, parameter in part.parameters.items():
            if name in ("sweep", "sweep_axis", "timeout", "current"):
                continue
            read = []
            tried(f"{part.short_name}.{name}", lambda: read.append(parameter()) or read[-1])
            if parameter.settable and read and read[0] is not None:
                tried(f"{part.short_name}.{name} = what it was", lambda: parameter(read[0]))
    unit.source.sweep_setup(0, 0.1, 11)
    tried("sense.sweep", lambda: list(unit.sense.sweep())[:3])
    tried("clear_event_register", unit.clear_event_register)
    tried("get_idn", unit.get_idn)
    tried("set_correct_language", unit.set_correct_language)


qcodes() if client == "qcodes" else pymeasure(client[-4:])
print(faults, "faults")
sys.exit(1 if faults else 0)
