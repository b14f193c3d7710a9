using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Orchestration.Simulator.Tests;

[assembly: AssemblyFixture(typeof(SimulatorHost))]

namespace Orchestration.Simulator.Tests;

/// <summary>The simulator on a free port. Tests that set faults or shapes use a model name of their own.</summary>
public sealed class SimulatorHost : IAsyncLifetime
{
    private WebApplication? _app;

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(20) };

    public async ValueTask InitializeAsync()
    {
        _app = Build(new Dictionary<string, string?> { ["Simulator:Speed"] = "0", ["Simulator:Keys:stepfun:0"] = "sk-right" });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client.BaseAddress = new Uri(_app.Urls.Single() + "/");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    internal static WebApplication Build(IDictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddSimulator();
        var app = builder.Build();
        app.MapSimulator();
        return app;
    }

    internal async Task<HttpResponseMessage> SendAsync(string path, object body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = JsonContent.Create(body, body.GetType());
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    internal async Task<JsonElement> AskAsync(string vendor, object body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync($"{vendor}/v1/chat/completions", body, headers);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    internal async Task<string> StreamAsync(string vendor, object body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync($"{vendor}/v1/chat/completions", body, headers);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    internal async Task PutAsync(string path, object body)
    {
        using var response = await Client.PutAsync(path, JsonContent.Create(body, body.GetType()), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    internal async Task<IReadOnlyList<JsonElement>> JournalAsync(string model)
    {
        var page = await Client.GetFromJsonAsync<JsonElement>("simulator/journal", TestContext.Current.CancellationToken);
        return [.. page.GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("model").GetString() == model)];
    }
}

internal static class Prompts
{
    public static object Chat(string model, string text = "Why are streams hard?", bool stream = false) =>
        new { model, stream, messages = new[] { new { role = "user", content = text } } };

    /// <summary>The JSON of each data line, without the end marker.</summary>
    public static List<JsonElement> Events(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith("data: {", StringComparison.Ordinal) || line.StartsWith("data:{", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line["data:".Length..]))];

    /// <summary>Object with the ids and times, which differ from answer to answer, made equal.</summary>
    public static string Steady(string text)
    {
        text = System.Text.RegularExpressions.Regex.Replace(text, "\"id\":\"[^\"]*\",\"object\"", "\"id\":\"ID\",\"object\"");
        return System.Text.RegularExpressions.Regex.Replace(text, "\"created\":\\d+", "\"created\":0");
    }
}
