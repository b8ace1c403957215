// Before the first paint, so that a chosen theme never flashes the other one; a file because inline scripts are forbidden.
try {
  const theme = localStorage.getItem('federome.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's theme stays.
}
