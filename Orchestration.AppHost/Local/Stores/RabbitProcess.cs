using System.Globalization;
using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Local.Stores;

/// <summary>RabbitMQ with its own port mapper, cookie and user, all on loopback.</summary>
internal sealed class RabbitProcess : StoreProcess
{
    private const string Script = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string NodeName = "orchestration@localhost";
    private readonly int _distributionPort = FreePort.Next();
    private readonly int _mapperPort;

    /// <param name="settings">Where it lives.</param>
    /// <param name="mapperPort">Port of its own epmd; null takes a free one.</param>
    public RabbitProcess(StoreSettings settings, int? mapperPort = null) : base(settings) => _mapperPort = mapperPort ?? FreePort.Next();

    public int MapperPort => _mapperPort;

    public override string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"amqp://{Settings.UserName}:{Settings.Password}@localhost:{Settings.Port}");

    // The port mapper runs in the server's process group; left to itself Erlang would start one that leaves every group.
    public override GuardedCommand Command => new("sh", ["-c", "epmd & exec " + Script])
    {
        WorkingDirectory = Settings.Folder,
        Environment = ServerEnvironment(),
        LogFile = Settings.LogFile,
        RemoveAtEnd = Settings.RemoveAtEnd ? Settings.Folder : null,
    };

    public override Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Settings.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(Settings.Folder, "plugins"), "[].\n");
        PrivateFile.Write(Path.Combine(Settings.Folder, "rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = 127.0.0.1:{Settings.Port}
            default_user = {Settings.UserName}
            default_pass = {Settings.Password}
            vm_memory_high_watermark.absolute = 1GB
            disk_free_limit.absolute = 200MB
            log.file = false
            log.console = true
            log.console.level = warning

            """));
        return Task.CompletedTask;
    }

    // Log lines begin with a date; the banner does not, and early information comes before the configured level holds.
    public override bool IsNews(string line) =>
        line.Length > 0 && char.IsAsciiDigit(line[0])
        && !line.Contains("[info]", StringComparison.Ordinal) && !line.Contains("[notice]", StringComparison.Ordinal);

    public override Task<bool> AnswersAsync(CancellationToken cancellationToken) =>
        AmqpSignIn.SucceedsAsync(Settings.Port, Settings.UserName, Settings.Password, cancellationToken);

    /// <summary>Creates an empty virtual host for its own user.</summary>
    public static async Task CreateVirtualHostAsync(string folder, int mapperPort, string userName, string virtualHost, CancellationToken cancellationToken)
    {
        var expression = string.Create(CultureInfo.InvariantCulture,
            $"rabbit_vhost:add(<<\"{virtualHost}\">>, <<\"{userName}\">>), rabbit_auth_backend_internal:set_permissions(<<\"{userName}\">>, <<\"{virtualHost}\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"{userName}\">>).");
        var port = mapperPort.ToString(CultureInfo.InvariantCulture);
        // A name of its own for each caller: the node lets in only one of a name, and erl_call's own random names repeat within a second.
        var caller = $"caller{Guid.NewGuid():N}";
        string[] arguments = ["-c", "printf '%s\\n' \"$1\" | HOME=\"$2\" ERL_EPMD_PORT=\"$3\" erl_call -h \"$5\" -sname \"$4\" -e", "sh", expression, folder, port, NodeName, caller];
        var output = await ToolRun.RequireAsync("sh", arguments, cancellationToken);
        if (!output.Contains("{ok, ok}", StringComparison.Ordinal))
            throw new InvalidOperationException($"RabbitMQ did not create the virtual host {virtualHost}: {output}");
    }

    private Dictionary<string, string?> ServerEnvironment() => new()
    {
        // The Erlang cookie is written here, readable by its owner only.
        ["HOME"] = Settings.Folder,
        ["ERL_EPMD_PORT"] = _mapperPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = NodeName,
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = Settings.Port.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Settings.Folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(Settings.Folder, "log"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Settings.Folder, "plugins"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(Settings.Folder, "rabbitmq"),
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        // Erlang's idle schedulers would otherwise spin, which a small machine feels.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
    };
}
