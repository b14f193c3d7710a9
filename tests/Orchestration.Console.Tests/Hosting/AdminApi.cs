using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Admin.V1;

namespace Orchestration.Console.Tests.Hosting;

/// <summary>The gateway's admin listener as the console sees it: gRPC-Web over HTTP/1.1.</summary>
internal sealed class AdminApi : IAsyncDisposable
{
    public const string SignInToken = "token-of-the-printed-link";

    private readonly WebApplication _app;

    private AdminApi(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public AdminSessions Sessions => _app.Services.GetRequiredService<AdminSessions>();

    public static async Task<AdminApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        // The console's own settings lie beside the tests.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<AdminSessions>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcService<ScriptedSessions>();
        app.MapGrpcService<ScriptedSystem>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AdminApi(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed class AdminSessions
    {
        public ConcurrentDictionary<string, bool> Alive { get; } = [];
    }

    private sealed class ScriptedSessions(AdminSessions sessions) : SessionService.SessionServiceBase
    {
        public override Task<Session> SignIn(SignInRequest request, ServerCallContext context)
        {
            if (request.Token != SignInToken)
                throw new RpcException(new Status(StatusCode.Unauthenticated, "The token is wrong."));

            var secret = Guid.NewGuid().ToString("N");
            sessions.Alive[secret] = true;
            return Task.FromResult(new Session { Secret = secret, ExpiresAt = DateTimeOffset.UtcNow.AddHours(1).ToTimestamp() });
        }
    }

    private sealed class ScriptedSystem(AdminSessions sessions) : SystemService.SystemServiceBase
    {
        public override Task<SystemStatus> GetStatus(GetSystemStatusRequest request, ServerCallContext context)
        {
            var secret = context.RequestHeaders.GetValue("authorization")?["Bearer ".Length..] ?? "";
            return sessions.Alive.GetValueOrDefault(secret)
                ? Task.FromResult(new SystemStatus { PolicyVersion = "policy-1" })
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "No such session."));
        }
    }
}
