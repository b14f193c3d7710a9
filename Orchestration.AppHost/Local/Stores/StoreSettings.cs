namespace Orchestration.AppHost.Local.Stores;

/// <summary>Where one backing service lives and how it is reached.</summary>
/// <param name="Folder">Its folder, created when missing.</param>
/// <param name="Port">Loopback port.</param>
/// <param name="UserName">Administrator; Redis has none.</param>
/// <param name="Password">The administrator's password, of letters and digits only.</param>
internal sealed record StoreSettings(string Folder, int Port, string UserName, string Password)
{
    /// <summary>False for tests: data need not survive a power cut, and a start should be quick.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Where the server's output goes when it may outlive its starter.</summary>
    public string? LogFile { get; init; }

    /// <summary>Whether the folder goes with the server.</summary>
    public bool RemoveAtEnd { get; init; }
}
