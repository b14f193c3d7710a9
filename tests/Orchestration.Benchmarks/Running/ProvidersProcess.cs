using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Benchmarks.Running;

/// <summary>Providers alone: no broker, no database; its events stay in an outbox of its own.</summary>
internal sealed class ProvidersProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestration-providers-").FullName;
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly int _port = Ports.Free();
    private ChildProcess? _process;

    public int Id => _process!.Id;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public static async Task<ProvidersProcess> StartAsync(CancellationToken cancellationToken)
    {
        const string Project = "Orchestration.Providers";
        var program = await Build.ProgramAsync(Project, cancellationToken);
        var providers = new ProvidersProcess();
        providers._process = ChildProcess.Start("dotnet", [program], Build.Folder(Project), new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{Ports.Free()}",
            ["Kestrel__Endpoints__grpc__Url"] = providers.Address.ToString(),
            ["ConnectionStrings__messaging"] = "amqp://nobody:nothing@127.0.0.1:1",
            ["Database__Endpoint"] = "tcp://127.0.0.1:1",
            ["Database__Password"] = "unused",
            ["Identity__SigningKey"] = providers._key,
            ["Outbox__Directory"] = Path.Combine(providers._folder, "outbox"),
            ["Shutdown__Grace"] = "00:00:02",
            ["Logging__LogLevel__Default"] = "Error",
        }, TimeSpan.FromSeconds(10));
        await Ports.ListeningAsync(providers._port, providers._process, cancellationToken);
        return providers;
    }

    /// <summary>Options of calls that come as if from the gateway.</summary>
    public InternalCalls Calls()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Identity:SigningKey", _key)]).Build());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new ServiceInfo(ResourceNames.Gateway, "0"));
        services.RequireServiceIdentity();
        return services.BuildServiceProvider().GetRequiredService<InternalCalls>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
