// Names between JavaScript and the system, as src/model/name.ts has them: in text, a byte that is no part of valid UTF-8 stands as
// the lone surrogate U+DC80 to U+DCFF.
#pragma once

#include <node_api.h>

#include <string>
#include <string_view>
#include <vector>

#include "arguments.h"

enum class NameKind {
  /** One name in a folder: not empty, no '/', not '.' or '..'. */
  kName,
  /** The same, or '.' for the folder itself. */
  kNameOrSelf,
  /** Any text but the empty one: a path that was chosen by the user, the text of a link. */
  kText,
};

/** A name as bytes. No NUL is ever in it. ENAMETOOLONG is thrown for more than the system takes. */
bool ReadName(const Call& call, size_t at, NameKind kind, std::string* name);

/** An array of at most `most` names. */
bool ReadNameList(const Call& call, size_t at, size_t most, std::vector<std::string>* names);

/** Text of bytes; nullptr after an error. Reversible, whatever the bytes. */
napi_value MakeText(napi_env env, std::string_view bytes);
