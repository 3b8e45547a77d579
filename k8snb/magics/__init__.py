"""The extension of IPython: `%load_ext k8snb` brings `%k8s` and `%%k8s_sql`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Register the magics, their completion and their help; IPython calls this."""
    from k8snb.magics.completion import matcher
    from k8snb.magics.help import question
    from k8snb.magics.magic import K8sMagics

    magics = K8sMagics(shell)
    shell.register_magics(magics)
    unload_ipython_extension(shell)
    shell.Completer.custom_matchers.append(matcher(magics.state))
    shell.input_transformers_cleanup.append(question)


def unload_ipython_extension(shell: "InteractiveShell") -> None:
    """Take away what completes and helps; IPython calls this."""
    from k8snb.magics.completion import IDENTIFIER
    from k8snb.magics.help import question

    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != IDENTIFIER]
    transformers = shell.input_transformers_cleanup
    transformers[:] = [one for one in transformers if one is not question]
