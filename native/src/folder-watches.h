// Hearing of changes in many folders through one descriptor of the system (inotify). Node has an object, a handle and a closure for
// each watched folder, two kilobytes together: a number is enough.
#pragma once

#include <node_api.h>

/** Adds `watches`, where the program's event loop is one that is known. */
bool AddFolderWatches(napi_env env, napi_value exports);
