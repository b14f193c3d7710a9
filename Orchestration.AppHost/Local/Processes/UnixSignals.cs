using System.Runtime.InteropServices;

namespace Orchestration.AppHost.Local.Processes;

/// <summary>Signals that <see cref="System.Diagnostics.Process"/> cannot send.</summary>
internal static class UnixSignals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(int processId, int signal) => _ = SendCore(processId, signal);

    public static void SendToGroup(int groupId, int signal) => _ = SendCore(-groupId, signal);

    public static bool IsRoot => EffectiveUserId() == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendCore(int processId, int signal);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUserId();
}
