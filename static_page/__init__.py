"""The page without a server: a folder of files for any static host, in which Python runs in the browser."""
