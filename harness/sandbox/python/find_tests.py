# Parses a program without running it, to find edits that make its tests fail, and the means of tampering with the
# interpreter that its author used.
#
# Standard input: the program. Argument: the byte at which the task's own text begins (0: unknown, possibly all of it).
# Written to descriptor 3, one per line: "edit START LENGTH HEX" for an edit after which an honest program cannot pass,
# "touches NAME", and "unusual" for a program that may reach the interpreter in a way that has no name here.
import ast, os, random, re, sys

# Builtins without side effects, for computing the value that a test expects.
PURE = {name: getattr(__import__('builtins'), name)
        for name in ('abs', 'bool', 'dict', 'float', 'frozenset', 'int', 'len', 'list', 'max', 'min', 'range', 'round',
                     'set', 'sorted', 'str', 'sum', 'tuple')}
VALUES = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.Load, ast.operator,
          ast.unaryop, ast.Expression)


def is_value(node):
    """Whether a node consists of literals and pure builtins only."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in PURE and not node.keywords and all(
            map(is_value, node.args))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Pow, ast.LShift)):
        return False  # may take forever
    return isinstance(node, VALUES) and all(map(is_value, ast.iter_child_nodes(node)))


def value_of(text):
    return eval(text, {'__builtins__': PURE})


def other_number(value):
    if isinstance(value, int):
        low = 0 if value < 10 else 10 ** (len(str(value)) - 1)
        return random.choice([n for n in (random.randrange(low, max(10, low * 10)) for _ in range(20)) if n != value]
                             or [value + 1])
    places = len(repr(value).partition('.')[2]) if 'e' not in repr(value) else 3
    return round(value + (1 + abs(value)) * random.uniform(0.5, 2), places)


def other_text(value):
    places = [i for i, c in enumerate(value) if c.isascii() and c.isalnum()]
    if not places:
        return value + random.choice('abcdefghijklmnopqrstuvwxyz')
    at = random.choice(places)
    kind = '0123456789' if value[at].isdigit() else 'abcdefghijklmnopqrstuvwxyz'
    kind = kind.upper() if value[at].isupper() else kind
    return value[:at] + random.choice([c for c in kind if c != value[at]]) + value[at + 1:]


def other_constant(value):
    """The source of another constant of the same type, length and style; None if there is none."""
    if value is None or isinstance(value, bool):
        return repr(not value)
    if isinstance(value, (int, float)):
        return repr(other_number(value))
    if isinstance(value, str):
        return repr(other_text(value))
    if isinstance(value, bytes):
        return repr(other_text(value.decode('latin-1')).encode('latin-1'))
    return None


class Source:
    """A source text with the byte positions of its nodes."""

    def __init__(self, text):
        self.text = text
        self.lines = [0] + [m.end() for m in re.finditer(rb'\r\n|\r|\n', text)]

    def span(self, node):
        return (self.lines[node.lineno - 1] + node.col_offset, self.lines[node.end_lineno - 1] + node.end_col_offset)

    def of(self, node):
        start, end = self.span(node)
        return self.text[start:end].decode()

    def replace(self, node, replacement):
        start, end = self.span(node)
        return start, end - start, replacement

    def wrapped(self, node, before, after):
        return self.replace(node, before + self.of(node) + after)

    def other_value(self, node):
        """An edit that gives a literal another value of the same type; None if none was found."""
        start, end = self.span(node)
        leaves = [n for n in ast.walk(node) if isinstance(n, ast.Constant)]
        if not leaves and isinstance(node, (ast.List, ast.Tuple, ast.Dict)):
            filled = {ast.List: '[0]', ast.Tuple: '(0,)', ast.Dict: '{0: 0}'}
            return self.replace(node, filled[type(node)])
        for _ in range(30 if leaves else 0):
            leaf = random.choice(leaves)
            replacement = other_constant(leaf.value)
            if replacement is None:
                continue
            at, length, _ = self.replace(leaf, replacement)
            changed = self.text[start:at] + replacement.encode() + self.text[at + length:end]
            try:
                if value_of(changed.decode()) != value_of(self.of(node)):
                    return at, length, replacement
            except Exception:
                continue
        return None


def difference(node):
    """The expected value of a comparison with a tolerance, like abs(f(x) - 0.5) < 1e-6 or isclose(f(x), 0.5)."""
    for inner in ast.walk(node):
        sides = []
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
            sides = [inner.right, inner.left]
        elif isinstance(inner, ast.Call) and len(inner.args) >= 2 and 'close' in ast.dump(inner.func).lower():
            sides = inner.args[1::-1]
        values = [side for side in sides if is_value(side)]
        if len(values) == 1:
            return values[0]
    return None


def failing_edit(source, test):
    """An edit that makes the true condition of an assertion false."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return failing_edit(source, test.values[0])
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        sides = [side for side in (test.comparators[0], test.left) if is_value(side)]
        if isinstance(test.ops[0], (ast.Eq, ast.Is)) and sides:
            if edit := source.other_value(sides[0]):
                return edit
        if isinstance(test.ops[0], ast.Eq):
            # Keeps ==, so that an object that equals everything still passes and is found.
            return source.wrapped(test.comparators[0], '[', ']')
    if isinstance(test, (ast.Compare, ast.Call)) and (expected := difference(test)):
        if edit := source.other_value(expected):
            return edit
    return source.wrapped(test, 'not (', ')')


def runs_once(loop):
    """Whether the body of a for statement certainly runs."""
    over = loop.iter
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == 'range':
        return len(over.args) == 1 and isinstance(over.args[0], ast.Constant) and over.args[0].value > 0
    return isinstance(over, (ast.List, ast.Tuple)) and bool(over.elts)


def assertions(body, functions):
    """Assertions that certainly run with a body, including those of functions that it calls in a statement."""
    found = []
    for statement in body:
        if isinstance(statement, ast.Assert):
            found.append(statement)
        elif isinstance(statement, ast.For) and runs_once(statement):
            found += assertions(statement.body, functions)
        elif isinstance(statement, ast.With):
            found += assertions(statement.body, functions)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = getattr(statement.value.func, 'id', None)
            if called in functions:
                rest = {name: function for name, function in functions.items() if name != called}
                found += assertions(functions[called].body, rest)
        if any(isinstance(n, (ast.Return, ast.Break, ast.Continue, ast.Raise)) for n in ast.walk(statement)):
            if not isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
                break
    return found


def edits(text):
    tree = ast.parse(text.decode())
    functions = {s.name: s for s in tree.body if isinstance(s, ast.FunctionDef) and not s.decorator_list}
    found = assertions(tree.body, functions)
    source = Source(text)
    telling = [a for a in found if not isinstance(a.test, ast.Constant)] or found
    return [failing_edit(source, a.test) for a in telling if not isinstance(a.test, ast.Tuple)]


MODULES = {'_ctypes', '_thread', '_testcapi', 'atexit', 'builtins', 'cffi', 'code', 'ctypes', 'dis', 'faulthandler', 'gc',
           'importlib', 'inspect', 'linecache', 'mmap', 'opcode', 'pdb', 'bdb', 'runpy', 'signal', 'trace', 'traceback',
           'types', 'unittest', 'weakref', 'marshal', 'pickle', 'resource', 'multiprocessing', 'subprocess'}
ATTRIBUTES = {'_current_frames', '_exit', '_getframe', 'abort', 'addaudithook', 'cr_frame', 'displayhook', 'excepthook',
              'exec_module', 'execv', 'execve', 'f_back', 'f_builtins', 'f_code', 'f_globals', 'f_lineno', 'f_locals',
              'f_trace', 'fork', 'gi_frame', 'kill', 'killpg', 'modules', 'setprofile', 'settrace', 'tb_frame',
              'unraisablehook'}
NAMES = {'__import__', '__builtins__', '__loader__', '__spec__', 'compile', 'eval', 'exec', 'globals', 'vars'}
# Names without another meaning in a string.
NAMED_BY_STRING = ATTRIBUTES - {'abort', 'fork', 'kill', 'modules'} | {'ctypes', '_ctypes'}
DUNDERS = {'__abs__', '__bool__', '__class__', '__code__', '__closure__', '__eq__', '__globals__', '__ge__', '__gt__',
           '__instancecheck__', '__le__', '__lt__', '__ne__', '__subclasses__', '__getattribute__', '__dict__',
           '__import__', '__builtins__', '__mro__', '__base__', '__bases__'}


def touches(node):
    """The names of interpreter internals that one node of the syntax tree uses; usually none."""
    if isinstance(node, ast.Import):
        return {alias.name.split('.')[0] for alias in node.names} & MODULES
    if isinstance(node, ast.ImportFrom):
        names = {alias.name for alias in node.names}
        return ({(node.module or '').split('.')[0]} & MODULES) | (names & (ATTRIBUTES | DUNDERS))
    if isinstance(node, ast.Attribute):
        return {node.attr} & (ATTRIBUTES | DUNDERS)
    if isinstance(node, ast.Name):
        return {node.id} & (NAMES | DUNDERS)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return {node.name} & DUNDERS
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value} & (NAMED_BY_STRING | DUNDERS)
    if isinstance(node, ast.Call) and getattr(node.func, 'id', '') in ('getattr', 'setattr', 'delattr'):
        if len(node.args) > 1 and not isinstance(node.args[1], ast.Constant):
            return {node.func.id}
    return set()


def shadows(tree, end):
    """Builtins that a module replaces."""
    builtin = set(dir(__import__('builtins')))
    found = set()
    for statement in tree.body:
        if getattr(statement, 'lineno', 0) > end:
            break
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            found.add(statement.name)
        elif isinstance(statement, ast.Assign):
            found |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return found & builtin


def touched(text, begin):
    """The names that the author's part of the program touches: all before `begin`, or everything if that is 0."""
    tree = ast.parse(text.decode())
    end = len((text[:begin] if begin else text).splitlines())
    found = shadows(tree, end)
    for node in ast.walk(tree):
        if getattr(node, 'lineno', 0) <= end:
            found |= touches(node)
    return found


# Names that answers usually use. A list of dangerous names would never be complete; a program with other names is not
# refused, only tested more often.
USUAL_MODULES = {'__future__', 'array', 'bisect', 'calendar', 'cmath', 'collections', 'copy', 'datetime', 'decimal',
                 'fractions', 'functools', 'hashlib', 'heapq', 'itertools', 'json', 'math', 'numbers', 'operator',
                 'queue', 'random', 're', 'statistics', 'string', 'sys', 'time', 'typing'}
USUAL_OF_SYS = {'argv', 'exit', 'float_info', 'maxsize', 'setrecursionlimit', 'stderr', 'stdin', 'stdout', 'version_info'}
USUAL_BASES = {'object', 'Exception', 'ValueError'}
USUAL_METHODS = {'__init__', '__iter__', '__len__', '__next__', '__repr__', '__str__'}
UNUSUAL = {'attrgetter', 'breakpoint', 'delattr', 'dir', 'ForwardRef', 'Formatter', 'get_field', 'get_type_hints', 'getattr',
           'locals', 'memoryview', 'methodcaller', 'open', 'os', 'setattr'} | MODULES


def is_usual(node, classes):
    """Whether one node of the syntax tree, without its children, can neither read nor change the code that judges it."""
    if isinstance(node, ast.Import):
        return all(alias.name.split('.')[0] in USUAL_MODULES and not (alias.name == 'sys' and alias.asname)
                   for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        names = {alias.name for alias in node.names}
        if node.module == 'sys':
            return names <= USUAL_OF_SYS
        return (node.module or '').split('.')[0] in USUAL_MODULES and not any(n[0] == '_' or n in UNUSUAL for n in names)
    if isinstance(node, ast.Attribute):
        if getattr(node.value, 'id', '') == 'sys':
            return node.attr in USUAL_OF_SYS
        return node.attr in USUAL_METHODS or node.attr[0] != '_' and node.attr not in UNUSUAL | {'sys'}
    if isinstance(node, ast.Name):
        return node.id not in UNUSUAL and (not node.id.startswith('__') or node.id == '__name__')
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return not node.name.startswith('__') or node.name in USUAL_METHODS
    if isinstance(node, ast.ClassDef):
        return not node.keywords and all(getattr(b, 'id', '') in USUAL_BASES | classes for b in node.bases)
    if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'type':
        return len(node.args) == 1
    return True


def is_unusual(text, begin):
    tree = ast.parse(text.decode())
    end = len((text[:begin] if begin else text).splitlines())
    nodes = [node for node in ast.walk(tree) if getattr(node, 'lineno', 0) <= end]
    classes = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    # Uses of `type` and `sys` in their usual places; any other use could give them another name.
    placed = {id(node.func) for node in nodes if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'type'}
    placed |= {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    aliased = any(getattr(node, 'id', '') in ('type', 'sys') and id(node) not in placed for node in nodes)
    return aliased or not all(is_usual(node, classes) for node in nodes)


def main():
    begin = int(sys.argv[1])
    text = b''
    while part := os.pread(0, 1 << 20, len(text)):
        text += part
    lines = []
    try:
        # The task's part is parsed by itself, so that its tests are found however the program before it ends.
        found = [(start + begin, length, new) for start, length, new in edits(text[begin:])]
    except (SyntaxError, ValueError):
        found = edits(text)
    for start, length, new in found:
        lines.append('edit %d %d %s\n' % (start, length, new.encode().hex()))
    lines += ['touches %s\n' % name for name in sorted(touched(text, begin))]
    if is_unusual(text, begin):
        lines.append('unusual\n')
    data = ''.join(lines).encode()
    while data:
        data = data[os.write(3, data):]


main()
