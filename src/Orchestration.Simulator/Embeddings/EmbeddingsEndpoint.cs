using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Scripts;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Embeddings;

/// <summary><c>POST /{vendor}/v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(
    VendorAccess access, FaultTable faults, TrafficShape traffic, RequestJournal journal, TimeProvider time)
{
    private const int DefaultDimensions = 1024;

    public async Task HandleAsync(HttpContext context)
    {
        if (await access.EnterAsync(context) is not { } vendor)
            return;
        using var document = await context.ReadJsonAsync();
        var (request, wrong) = document is null ? (null, "body") : EmbeddingsRequest.Read(document.RootElement);
        if (request is null)
        {
            await context.RefuseAsync(vendor.Wire, ErrorClass.Invalid, new ErrorDetails("", "0") { Message = $"Invalid or missing '{wrong}'.", Param = wrong });
            return;
        }
        var (model, fault) = FaultNames.Split(request.Model);
        var set = fault is null ? faults.Take(vendor.Id, model) : null;
        var entry = journal.Begin(context, vendor, model, "embeddings");
        entry.Fault = set?.Kind ?? (fault is null ? null : request.Model[(model.Length + 1)..]);
        var pace = new Pace(time, traffic.For(vendor, model, context.Request.Headers));
        try
        {
            await AnswerAsync(context, vendor, request with { Model = model }, fault ?? set?.Fault, entry, pace);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            entry.Outcome = JournalOutcome.Aborted;
        }
        entry.DurationMs = pace.ElapsedMs;
    }

    private async Task AnswerAsync(
        HttpContext context, Vendor vendor, EmbeddingsRequest request, Fault? fault, JournalEntry entry, Pace pace)
    {
        if (fault is { Script: { } script })
        {
            await ScriptedAnswer.WriteAsync(context, entry, script, time);
            return;
        }
        if (fault is { DelayMs: { } delay, RetryAfter: null })
            await Task.Delay(TimeSpan.FromMilliseconds(delay), time, context.RequestAborted);
        if (fault is not null && await FaultResponses.TryReplaceAsync(context, vendor, fault, entry))
            return;
        entry.InputTokens = request.GivenTokens ?? request.Inputs.Sum(input => Math.Max(1, vendor.Tokens.Count(input)));
        var json = Compose(vendor, request, entry.InputTokens);
        if (!await pace.WaitAsync(pace.Until(0), context.RequestAborted))
        {
            entry.Outcome = JournalOutcome.Aborted;
            return;
        }
        var body = FaultResponses.OpenBody(context, entry, fault, WireHeaders.Json, json.WrittenCount);
        body.Write(json.WrittenSpan);
        await body.CompleteAsync(context.RequestAborted);
        if (entry.Outcome == JournalOutcome.Running)
            entry.Outcome = JournalOutcome.Completed;
    }

    private static ArrayBufferWriter<byte> Compose(Vendor vendor, EmbeddingsRequest request, int tokens)
    {
        var dimensions = request.Dimensions ?? vendor.Find(request.Model)?.Dimensions ?? DefaultDimensions;
        var buffer = new ArrayBufferWriter<byte>(request.Inputs.Count * dimensions * 6);
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        for (var index = 0; index < request.Inputs.Count; index++)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, index);
            json.WritePropertyName("embedding"u8);
            WriteVector(json, TextVector.Of(request.Inputs[index], dimensions), request.Base64);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("model"u8, request.Model);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, tokens);
        json.WriteNumber("total_tokens"u8, tokens);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool base64)
    {
        if (base64)
        {
            // Little-endian, as every machine that .NET runs on.
            json.WriteBase64StringValue(MemoryMarshal.AsBytes<float>(vector));
            return;
        }
        json.WriteStartArray();
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}

internal static class EmbeddingsRoutes
{
    public static void MapEmbeddings(this IEndpointRouteBuilder routes)
    {
        RequestDelegate handle = routes.ServiceProvider.GetRequiredService<EmbeddingsEndpoint>().HandleAsync;
        routes.MapPost("/{vendor}/v1/embeddings", handle);
        routes.MapPost("/{vendor}/embeddings", handle);
    }
}
