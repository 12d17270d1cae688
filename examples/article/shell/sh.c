// A shell of a few kilobytes that stands for /bin/sh in the recorded images, so that they hold no
// program of anybody else:
//   sh -c 'WORD… [> FILE] [&& …]'
// It knows what the RUN lines in ../dockerfiles need: && and ;, > and >>, quotes, $NAME, and the
// commands below. Linux on x86-64, without a C library (see build).

typedef unsigned long Word;

enum {
  kRead = 0,
  kWrite = 1,
  kOpen = 2,
  kClose = 3,
  kExit = 60,
  kRename = 82,
  kMkdir = 83,
  kUnlink = 87,
  kRmdir = 84,
  kSymlink = 88,
  kGetdents64 = 217
};
enum {
  kReadOnly = 0,
  kCreateTruncate = 01 | 0100 | 01000,
  kCreateAppend = 01 | 0100 | 02000,
  kDirectory = 0200000
};
enum { kMaxWords = 64, kMaxText = 4096 };
enum { kNotFound = 127, kIsDirectory = -21, kNoEntry = -2 };

static long Call(long number, Word a, Word b, Word c) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}

// The compiler may call these for loops that look like them.
void* memcpy(void* to, const void* from, Word size) {
  for (Word i = 0; i < size; ++i) ((char*)to)[i] = ((const char*)from)[i];
  return to;
}
void* memset(void* to, int value, Word size) {
  for (Word i = 0; i < size; ++i) ((char*)to)[i] = (char)value;
  return to;
}

static Word Length(const char* text) {
  Word length = 0;
  while (text[length] != '\0') ++length;
  return length;
}

static int Same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

static void Print(int file, const char* text) {
  Call(kWrite, (Word)file, (Word)text, Length(text));
}

static int Fail(const char* what, const char* name) {
  Print(2, "sh: ");
  Print(2, what);
  Print(2, ": ");
  Print(2, name);
  Print(2, "\n");
  return 1;
}

static int Echo(char** words, int out) {
  for (int i = 1; words[i] != 0; ++i) {
    if (i > 1) Print(out, " ");
    Print(out, words[i]);
  }
  Print(out, "\n");
  return 0;
}

static int CopyBytes(const char* from, int out) {
  char buffer[512];
  long in = Call(kOpen, (Word)from, kReadOnly, 0);
  if (in < 0) return Fail("cannot open", from);
  for (long size; (size = Call(kRead, (Word)in, (Word)buffer, sizeof buffer)) > 0;) {
    Call(kWrite, (Word)out, (Word)buffer, (Word)size);
  }
  Call(kClose, (Word)in, 0, 0);
  return 0;
}

static int Cat(char** words, int out) {
  int status = 0;
  for (int i = 1; words[i] != 0; ++i) status |= CopyBytes(words[i], out);
  return status;
}

static int Copy(char** words, int out) {
  (void)out;
  long file = Call(kOpen, (Word)words[2], kCreateTruncate, 0644);
  if (file < 0) return Fail("cannot create", words[2]);
  int status = CopyBytes(words[1], (int)file);
  Call(kClose, (Word)file, 0, 0);
  return status;
}

static int Move(char** words, int out) {
  (void)out;
  return Call(kRename, (Word)words[1], (Word)words[2], 0) < 0 ? Fail("cannot move", words[1]) : 0;
}

static int MakeDirectory(char** words, int out) {
  (void)out;
  return Call(kMkdir, (Word)words[1], 0755, 0) < 0 ? Fail("cannot create", words[1]) : 0;
}

static int RemoveTree(const char* path);

static void RemoveChildren(long directory, const char* path) {
  char buffer[1024];
  char child[kMaxText];
  Word size = Length(path);
  memcpy(child, path, size);
  child[size] = '/';
  for (long got; (got = Call(kGetdents64, (Word)directory, (Word)buffer, sizeof buffer)) > 0;) {
    for (long at = 0; at < got;
         at += *(unsigned short*)(buffer + at + 16)) {  // struct linux_dirent64
      const char* name = buffer + at + 19;
      if (Same(name, ".") || Same(name, "..")) continue;
      memcpy(child + size + 1, name, Length(name) + 1);
      RemoveTree(child);
    }
  }
}

static int RemoveTree(const char* path) {
  long result = Call(kUnlink, (Word)path, 0, 0);
  if (result == kIsDirectory) {
    long directory = Call(kOpen, (Word)path, kReadOnly | kDirectory, 0);
    if (directory < 0) return Fail("cannot open", path);
    RemoveChildren(directory, path);
    Call(kClose, (Word)directory, 0, 0);
    result = Call(kRmdir, (Word)path, 0, 0);
  }
  return result < 0 && result != kNoEntry ? Fail("cannot remove", path) : 0;
}

static int Remove(char** words, int out) {
  (void)out;
  int status = 0;
  for (int i = 1; words[i] != 0; ++i) {
    if (words[i][0] != '-') status |= RemoveTree(words[i]);
  }
  return status;
}

static const struct {
  const char* name;
  int least_words;
  int (*run)(char** words, int out);
} kCommands[] = {
    {"echo", 1, Echo},           {"cat", 2, Cat},   {"cp", 3, Copy}, {"mv", 3, Move},
    {"mkdir", 2, MakeDirectory}, {"rm", 2, Remove},
};

static int RunCommand(char** words, int count, const char* file, int append) {
  long out = 1;
  if (file != 0) {
    out = Call(kOpen, (Word)file, append ? kCreateAppend : kCreateTruncate, 0644);
    if (out < 0) return Fail("cannot create", file);
  }
  int status = kNotFound;
  for (Word i = 0; i < sizeof kCommands / sizeof kCommands[0]; ++i) {
    if (count >= kCommands[i].least_words && Same(words[0], kCommands[i].name)) {
      status = kCommands[i].run(words, (int)out);
    }
  }
  if (status == kNotFound) Fail("not found", words[0]);
  if (out != 1) Call(kClose, (Word)out, 0, 0);
  return status;
}

static int IsName(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// Appends the value of the variable at *name, and leaves *name behind it.
static char* Expand(char* to, const char** name, char** environment) {
  int braces = **name == '{';
  const char* begin = *name + braces;
  Word size = 0;
  while (IsName(begin[size])) ++size;
  *name = begin + size + braces;
  for (; *environment != 0; ++environment) {
    Word i = 0;
    while (i < size && (*environment)[i] == begin[i]) ++i;
    if (i < size || (*environment)[size] != '=') continue;
    const char* value = *environment + size + 1;
    memcpy(to, value, Length(value));
    return to + Length(value);
  }
  return to;
}

// Reads one word of the script; *to ends up behind its final NUL.
static const char* ReadWord(const char* script, char** to, char** environment) {
  char quote = '\0';
  for (; *script != '\0'; ++script) {
    if (quote == '\0' && (*script == ' ' || *script == ';' || *script == '&' || *script == '>'))
      break;
    if (*script == quote) {
      quote = '\0';
    } else if (quote == '\0' && (*script == '"' || *script == '\'')) {
      quote = *script;
    } else if (quote != '\'' && *script == '$') {
      ++script;
      *to = Expand(*to, &script, environment);
      --script;
    } else {
      *(*to)++ = *script;
    }
  }
  *(*to)++ = '\0';
  return script;
}

static int RunScript(const char* script, char** environment) {
  char text[kMaxText];
  int status = 0;
  while (*script != '\0' && status == 0) {
    char* words[kMaxWords];
    char* to = text;
    const char* file = 0;
    int count = 0, append = 0, redirect = 0;
    while (*script != '\0' && *script != ';' && *script != '&' && count < kMaxWords - 1) {
      if (*script == ' ') {
        ++script;
      } else if (*script == '>') {
        redirect = 1;
        append = script[1] == '>';
        script += 1 + append;
      } else {
        char* word = to;
        script = ReadWord(script, &to, environment);
        if (redirect)
          file = word;
        else
          words[count++] = word;
        redirect = 0;
      }
    }
    words[count] = 0;
    while (*script == ' ' || *script == ';' || *script == '&') ++script;
    if (count > 0) status = RunCommand(words, count, file, append);
  }
  return status;
}

// The kernel puts argc, argv, 0, environment, 0 on the stack (System V ABI, AMD64
// supplement, 3.4.1).
__attribute__((noreturn, used)) static void Main(Word* stack) {
  Word count = stack[0];
  char** arguments = (char**)(stack + 1);
  int status = count == 3 && Same(arguments[1], "-c")
                   ? RunScript(arguments[2], arguments + count + 1)
                   : Fail("usage", "sh -c SCRIPT");
  Call(kExit, (Word)status, 0, 0);
  __builtin_unreachable();
}

__asm__(".globl _start\n_start:\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call Main\n");
