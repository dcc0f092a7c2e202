# The sandbox's first process: runs one program in a child and tells how the child ended.
#
# Descriptors: 0 the secret mark, then the program; 3 where the child proves that its program ran to the end; 7 the
# report, which only this process keeps: "began", then "ended STATUS CPU_MICROSECONDS CPU_LIMIT", the limit in seconds that
# the program's process had in the end. As process 1 of its namespace this one can be neither killed nor stopped by the
# program, as long as it handles no signal, and the program ends with it.
import _signal, os, resource, sys

cpu, memory, processes, scratch, files, mark = map(int, sys.argv[1:7])
reader = sys.argv[7:]  # another script of ours and its arguments, which reads the program in place of running it
sys.argv = ['program.py']
report = 7
os.closerange(4, report)


def begin():
    """The limits, and the program's code."""
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
    # A string, not bytes: a comment that names an encoding means nothing then, as where the reference calls exec.
    return compile(text.decode(), 'program.py', 'exec')


def take():
    taken = os.pread(0, mark, 0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return taken


_signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # Python handles it
child = os.fork()
if child == 0:
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    program = begin()
    if reader:
        exec(program, {})
        os._exit(0)
    # The mark stands among the operands of this unfinished expression while the program runs: no name, frame or object
    # leads to it. What the expression calls is looked up before the program may put others in its place.
    os._exit(os.write(3, take() + bytes(exec(program, {}) or 0)) - mark)
os.close(3)
ended = 0
while ended != child:
    # Seen before it is reaped, when its limits can still be read: it may have lowered them.
    ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid
    if ended == child:
        limit = resource.prlimit(child, resource.RLIMIT_CPU)[1]
    _, status, usage = os.wait4(ended, 0)
os.write(report, b'ended %d %d %d\n' % (status, (usage.ru_utime + usage.ru_stime) * 1000000, limit))
os._exit(0)
