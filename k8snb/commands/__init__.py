"""The commands of the shell, one small file each; they call the package and write what it gives."""
