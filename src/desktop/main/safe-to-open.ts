/** Files that a click may open with whatever the system has for them; what runs is only shown in its folder. */

/**
 * Endings that some desktop runs, installs or obeys when they are opened; lower case. Gathered from what Windows
 * (PATHEXT, Attachment Manager's high-risk list), macOS and freedesktop desktops run.
 */
const running = new Set(
  (
    'ade adp apk app appimage application appref-ms appx appxbundle asp bas bat cer chm class cmd cnt com command cpl crt csh deb desktop diagcab dll dmg dylib ' +
    'exe fxp gadget grp hlp hpj hta htm html inf ins iso isp its jar jnlp js jse ksh lnk mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw ' +
    'mdz mht mhtml msc msh msh1 msh2 mshxml msi msix msixbundle msp mst osd pcd phar php pif pkg pl plg prf prg printerexport ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 ' +
    'psdm1 pssc py pyc pyo pyw pyz rb reg rpm run scf scpt scr sct service settingcontent-ms sh shb shs snap so svg terminal theme tool udl url vb vbe vbp vbs vhd ' +
    'vhdx vsmacros vsw webloc webpnp website workflow ws wsc wsf wsh xbap xhtml xll xml xnk xpi zsh ' +
    // What leads elsewhere, as links do; other shells; packages and settings of other kinds.
    'afploc fileloc ftploc inetloc mailloc vncloc library-ms search-ms searchconnector-ms rdp directory kdelnk bash fish ' +
    'applescript scptd action mobileconfig mpkg prefpane saver appinstaller themepack deskthemepack flatpak flatpakref flatpakrepo img'
  ).split(' '),
);

/** `isExecutable`: whether its mode says that it can be run. */
export function isSafeToOpen(name: string, isExecutable: boolean): boolean {
  // Windows takes no notice of dots and spaces at the end.
  const ending = /\.([^.]*)$/.exec(name.replace(/[. ]+$/u, ''))?.[1]?.toLowerCase();
  return !isExecutable && ending !== undefined && !running.has(ending);
}
