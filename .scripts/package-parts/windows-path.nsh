; `cachette` on the PATH of whoever installs it: a command file beside the program, and the program's folder in the user's PATH.
!macro customInstall
  FileOpen $0 "$INSTDIR\cachette.cmd" w
  FileWrite $0 '@"%~dp0resources\bin\node.exe" "%~dp0resources\app.asar.unpacked\dist\cli.js" %*$\r$\n'
  FileClose $0
  ReadRegStr $1 HKCU "Environment" "Path"
  StrCpy $2 "$INSTDIR"
  WriteRegExpandStr HKCU "Environment" "Path" "$1;$2"
  SendMessage ${HWND_BROADCAST} ${WM_WININICHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend

!macro customUnInstall
  Delete "$INSTDIR\cachette.cmd"
!macroend
