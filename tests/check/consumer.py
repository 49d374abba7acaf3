"""A user's program in Python, by ctypes: as consumer.c."""
import ctypes
import json
import sys

lib = ctypes.CDLL(sys.argv[1])
lib.gb_version.restype = ctypes.c_char_p
lib.gb_last_error.restype = ctypes.c_char_p
lib.gb_last_error.argtypes = [ctypes.c_void_p]
lib.gb_session_close.argtypes = [ctypes.c_void_p]
lib.gb_context_free.argtypes = [ctypes.c_void_p]
lib.gb_call.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p,
                        ctypes.POINTER(ctypes.c_char_p)]


class SessionOptions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("workspace", ctypes.c_char_p),
                ("scope", ctypes.c_char_p), ("time_limit_ms", ctypes.c_int64)]


def call(session, method, **params):
    out = ctypes.c_char_p()
    lib.gb_call(session, method.encode(), json.dumps(params).encode(),
                ctypes.byref(out))
    return json.loads(out.value.decode())


ctx, session = ctypes.c_void_p(), ctypes.c_void_p()
assert lib.gb_context_new(None, ctypes.byref(ctx)) == 0
assert lib.gb_context_set_lang(ctx, b"zh") == 0
options = SessionOptions(ctypes.sizeof(SessionOptions), sys.argv[2].encode())
assert lib.gb_session_open(ctx, ctypes.byref(options),
                           ctypes.byref(session)) == 0
call(session, "init")
status = call(session, "workspace.info")["code"]
message = call(session, "nothing")["error"]["message"]
assert message == lib.gb_last_error(ctx).decode()
print("%s: %d %s" % (lib.gb_version().decode(), status, message))
lib.gb_session_close(session)
lib.gb_context_free(ctx)
