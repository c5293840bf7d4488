{
  'variables': { 'werror%': 0 },
  'targets': [
    {
      'target_name': 'cachette',
      'sources': ['src/addon.cc', 'src/arguments.cc', 'src/chunker.cc'],
      # The oldest that all Electrons in use know; plain C, so that one file serves every Node and Electron from there on.
      'defines': ['NAPI_VERSION=8'],
      'cflags_cc!': ['-std=gnu++20', '-std=gnu++17', '-O3'],
      'cflags_cc': ['-std=c++17', '-O2', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-fvisibility=hidden', '-fno-rtti'],
      'xcode_settings': { 'CLANG_CXX_LANGUAGE_STANDARD': 'c++17', 'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES', 'MACOSX_DEPLOYMENT_TARGET': '11.0' },
      'msvs_settings': { 'VCCLCompilerTool': { 'AdditionalOptions': ['/std:c++17'] } },
      'conditions': [
        ['werror==1', { 'cflags_cc': ['-Werror'] }],
        ['OS!="win"', { 'sources': ['src/zstd.cc'] }],
        # Runs on other distributions than the one it was built on.
        ['OS=="linux"', {
          'sources': [
            'src/system-calls.cc',
            'src/system-error.cc',
            'src/names.cc',
            'src/async-task.cc',
            'src/item-table.cc',
            'src/file-calls.cc',
            'src/folder-watches.cc',
            'src/memory.cc',
            'src/core-dumps.cc',
            'src/list-folder.cc',
            'src/read-files.cc',
            'src/finished-files.cc',
            'src/flush-together.cc',
            'src/finish-files.cc',
            'src/make-files.cc',
            'src/place-files.cc',
          ],
        }],
        ['OS=="linux"', { 'ldflags': ['-Wl,-s', '-Wl,-z,relro,-z,now', '-static-libgcc', '-static-libstdc++'] }],
      ],
    },
  ],
}
