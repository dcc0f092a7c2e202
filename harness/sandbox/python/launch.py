# The sandbox's first process: runs one program in a child and reports how the child ended.
#
# Descriptors: 0 the secret mark, then the program; 3 for the child to prove that its program ran to the end; 7 the
# report, open in this process only: "began", then "ended STATUS CPU_MICROSECONDS CPU_LIMIT", where the limit is the final
# one of the program's process in seconds. The program can neither kill nor stop this process, which is process 1 of its
# namespace, as long as it handles no signal; when this process ends, the kernel kills the program.
import _signal, os, resource, sys

cpu, memory, processes, scratch, files, mark = map(int, sys.argv[1:7])
reader = sys.argv[7:]  # our script that parses the program instead of running it, and its arguments
sys.argv = ['program.py']
report = 7
os.closerange(4, report)


def begin():
    """Sets the limits; returns the compiled program."""
    text = b''
    while part := os.pread(0, 1 << 20, mark + len(text)):
        text += part
    stack = resource.getrlimit(resource.RLIMIT_STACK)[1]
    stack = 8 << 20 if stack == resource.RLIM_INFINITY else min(stack, 8 << 20)
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, scratch), (resource.RLIMIT_STACK, stack),
                         (resource.RLIMIT_NPROC, processes), (resource.RLIMIT_NOFILE, files),
                         (resource.RLIMIT_AS, memory)):
        resource.setrlimit(limit, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    os.write(report, b'began\n')
    os.close(report)
    if reader:
        sys.argv = reader
        return compile(reader[0], 'reader.py', 'exec')
    # A string, not bytes, so that a comment that names an encoding is ignored, as in lm-evaluation-harness's exec.
    return compile(text.decode(), 'program.py', 'exec')


def take():
    taken = os.pread(0, mark, 0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return taken


_signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # undoes Python's handler
child = os.fork()
if child == 0:
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    program = begin()
    if reader:
        exec(program, {})
        os._exit(0)
    # While the program runs, the mark is only an operand of this unfinished expression: no name, frame or object refers
    # to it. The functions that it calls are looked up before the program can replace them.
    os._exit(os.write(3, take() + bytes(exec(program, {}) or 0)) - mark)
os.close(3)
ended = 0
while ended != child:
    # Waits without reaping first, since only then its limits, which it may have lowered, can be read.
    ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid
    if ended == child:
        limit = resource.prlimit(child, resource.RLIMIT_CPU)[1]
    _, status, usage = os.wait4(ended, 0)
os.write(report, b'ended %d %d %d\n' % (status, (usage.ru_utime + usage.ru_stime) * 1000000, limit))
os._exit(0)
