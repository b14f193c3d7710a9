using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestration.Metrics.Tests.Alerts;

/// <summary>A local server in the place of a webhook's or robot's: keeps what comes and answers as it is told.</summary>
internal sealed class FarSide : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FarSide(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>What it answers: status and body.</summary>
    public Func<Received, (int Status, string Body)> Answer { get; set; } = _ => (200, "{}");

    public int Port => new Uri(_app.Urls.Single()).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    public Received Last => Requests.Last();

    public static async Task<FarSide> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // Not the ports that the service under test ships.
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var side = new FarSide(builder.Build());
        await side._app.StartAsync(TestContext.Current.CancellationToken);
        return side;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var received = new Received(
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            await reader.ReadToEndAsync());
        Requests.Enqueue(received);
        var (status, body) = Answer(received);
        context.Response.StatusCode = status;
        if (status is >= 300 and < 400)
            context.Response.Headers.Location = body;
        if (status == 429)
            context.Response.Headers.RetryAfter = body;
        await context.Response.WriteAsync(body);
    }
}

/// <summary>One request as it came.</summary>
internal sealed record Received(string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Query(string name) =>
        Target.Split('?', 2) is [_, var query]
            ? query.Split('&').Select(part => part.Split('=', 2)).Where(part => part[0] == name).Select(part => Uri.UnescapeDataString(part[1])).SingleOrDefault()
            : null;
}
