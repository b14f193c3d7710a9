using System.Globalization;
using Npgsql;
using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Local.Stores;

/// <summary>PostgreSQL, which refuses to run as root and therefore drops to its own account when we are.</summary>
internal sealed class PostgresProcess(StoreSettings settings) : StoreProcess(settings)
{
    private const string Account = "postgres";

    private string Data => Path.Combine(Settings.Folder, "data");

    public override string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"Host=localhost;Port={Settings.Port};Username={Settings.UserName};Password={Settings.Password}");

    public override GuardedCommand Command
    {
        get
        {
            string[] settings =
            [
                "-D", Data,
                "-p", Settings.Port.ToString(CultureInfo.InvariantCulture),
                // Without a socket there is no path length to respect and no file that another user could open.
                "-c", "unix_socket_directories=",
                "-c", "listen_addresses=localhost",
                "-c", "shared_buffers=128MB",
                "-c", "max_connections=200",
                "-c", "log_min_messages=warning",
                "-c", "log_checkpoints=off",
                .. Settings.Durable ? Array.Empty<string>() : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
            ];
            var command = AsAccount(Path.Combine(Binaries(), "postgres"), settings);
            return new GuardedCommand(command[0], command[1..])
            {
                WorkingDirectory = Settings.Folder,
                // Fast shutdown: open connections are closed, nothing is lost.
                StopSignal = UnixSignals.Interrupt,
                LogFile = Settings.LogFile,
                RemoveAtEnd = Settings.RemoveAtEnd ? Settings.Folder : null,
            };
        }
    }

    /// <summary>Where the data of a wanted folder is when PostgreSQL's account cannot reach that folder.</summary>
    public static string FolderElsewhere(string wanted) => Path.Combine("/var/lib/postgresql", "orchestration-" + PathName.Of(wanted));

    /// <summary>
    /// The folder to use for a wanted one: when we are root, PostgreSQL's account may not be able to reach it (below a private
    /// home, say), and then the data lives in that account's own home.
    /// </summary>
    public static async Task<string> ResolveFolderAsync(string wanted, CancellationToken cancellationToken)
    {
        if (!UnixSignals.IsRoot)
        {
            Directory.CreateDirectory(wanted);
            return wanted;
        }
        foreach (var folder in new[] { wanted, FolderElsewhere(wanted) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            await ToolRun.RequireAsync("install", ["-d", "-o", Account, "-g", Account, "-m", "700", folder], cancellationToken);
            if ((await ToolRun.RunAsync("setpriv", [.. AsAccount("test", "-w", folder).Skip(1)], cancellationToken)).ExitCode == 0)
                return folder;
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
        throw new InvalidOperationException($"The account '{Account}' can write neither below {wanted} nor in /var/lib/postgresql.");
    }

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Data))
            return;
        var fresh = Path.Combine(Settings.Folder, "fresh");
        var password = Path.Combine(Settings.Folder, "password");
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        PrivateFile.Write(password, Settings.Password);
        if (UnixSignals.IsRoot)
            await ToolRun.RequireAsync("chown", [Account, password], cancellationToken);
        string[] arguments =
        [
            "-D", fresh, "--username", Settings.UserName, "--pwfile", password, "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions", "--no-sync",
        ];
        var command = AsAccount(Path.Combine(Binaries(), "initdb"), arguments);
        try
        {
            await ToolRun.RequireAsync(command[0], command[1..], cancellationToken);
        }
        finally
        {
            File.Delete(password);
        }
        // Renamed last, so that an interrupted first start begins again.
        Directory.Move(fresh, Data);
    }

    public override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Timeout=3;Pooling=false");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException failure) when (failure.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new InvalidOperationException(
                $"PostgreSQL in {Settings.Folder} was created with another password than the one in use now; reset the data folder.", failure);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private static string[] AsAccount(string fileName, params string[] arguments) => UnixSignals.IsRoot
        ? ["setpriv", "--reuid", Account, "--regid", Account, "--init-groups", "--", fileName, .. arguments]
        : [fileName, .. arguments];

    private string Binaries()
    {
        var versionFile = Path.Combine(Data, "PG_VERSION");
        var version = File.Exists(versionFile) ? File.ReadAllText(versionFile).Trim() : StoreInstallation.PostgresVersion();
        var folder = $"/usr/lib/postgresql/{version}/bin";
        return Directory.Exists(folder)
            ? folder
            : throw new InvalidOperationException($"The data in {Settings.Folder} is PostgreSQL {version}'s, which is not installed; install it or reset the data folder.");
    }
}
