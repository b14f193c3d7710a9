using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Scripts;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>What every dialect has in common before its answer: key, body, fault, journal, delays.</summary>
internal sealed class Reception(
    VendorCatalogue vendors, VendorAccess access, FaultTable faults, TrafficShape traffic, RequestJournal journal,
    IOptions<SimulatorOptions> options, TimeProvider time)
{
    private const string FaultHeader = "x-simulate-fault";
    private const int QueueKeepAliveMs = 200;

    /// <summary>The vendor of the address, or null after the refusal has been written.</summary>
    public async ValueTask<Vendor?> EnterAsync(HttpContext context, WireDialect dialect, string? vendorId)
    {
        WireHeaders.Mark(context.Response);
        if (vendors.Find(vendorId ?? context.Request.RouteValues["vendor"] as string) is not { } vendor)
        {
            await context.WriteErrorAsync(404, VendorErrors.Compose("No such vendor is simulated.", "invalid_request_error", null, "unknown_vendor"));
            return null;
        }
        var key = dialect.KeyOf(context.Request);
        var strict = options.Value.Keys.TryGetValue(vendor.Id, out var keys);
        if (string.IsNullOrEmpty(key) ? strict || dialect.NeedsKey : strict && !keys!.Contains(key))
        {
            await WriteAsync(context, dialect.RefuseKey(vendor, string.IsNullOrEmpty(key)));
            return null;
        }
        if (access.RefusalOf(context, vendor, key ?? "") is { } refusal)
        {
            await WriteAsync(context, dialect.Fail(vendor, ErrorClass.StatusOf(refusal)));
            return null;
        }
        return vendor;
    }

    public async Task ServeAsync<T>(
        HttpContext context, WireDialect dialect, string? vendorId, string kind,
        Func<JsonElement, Vendor, Asked<T>> read, Func<Visit, T, Task> answer)
    {
        if (await EnterAsync(context, dialect, vendorId) is not { } vendor)
            return;
        using var document = await context.ReadJsonAsync();
        Asked<T> asked;
        try
        {
            asked = read(document?.RootElement ?? default, vendor);
        }
        catch (Exception error) when (error is WireRefusalException or InvalidOperationException)
        {
            // Half of a surrogate pair: JSON allows it, a string does not.
            var problem = (error as WireRefusalException)?.Problem ?? new WireProblem("The request body is not valid.", "body");
            await WriteAsync(context, dialect.Refuse(vendor, problem));
            return;
        }
        var (model, fault, name) = Resolve(context, vendor, asked.Model);
        var entry = journal.Begin(context, vendor, model, kind, dialect.NewId);
        entry.Stream = asked.Stream;
        entry.Fault = name;
        dialect.Mark(context.Response, entry.Id);
        await RunAsync(context, vendor, dialect, model, fault, entry, visit => answer(visit, asked.Request));
    }

    public static Task WriteAsync(HttpContext context, ErrorAnswer error)
    {
        foreach (var (name, value) in error.Headers)
            context.Response.Headers[name] = value;
        return context.WriteErrorAsync(error.Status, error.Body);
    }

    private (string Model, Fault? Fault, string? Name) Resolve(HttpContext context, Vendor vendor, string sent)
    {
        var (model, fault) = FaultNames.Split(sent);
        if (fault is not null)
            return (model, fault, sent[(model.Length + 1)..]);
        if (context.Request.Headers.TryGetValue(FaultHeader, out var header) && FaultNames.Parse(header.ToString()) is { } asked)
            return (model, asked, header.ToString());
        var set = faults.Take(vendor.Id, model);
        return (model, set?.Fault, set?.Kind);
    }

    private async Task RunAsync(
        HttpContext context, Vendor vendor, WireDialect dialect, string model, Fault? fault, JournalEntry entry, Func<Visit, Task> answer)
    {
        var shape = traffic.For(vendor, model, context.Request.Headers);
        if (fault is { Kind: FaultKind.Queue, DelayMs: { } queue })
            shape = shape with { FirstTokenMs = shape.FirstTokenMs + queue, KeepAliveMs = QueueKeepAliveMs };
        var visit = new Visit(context, vendor, dialect, model, fault, entry, shape, new Pace(time, shape));
        try
        {
            if (fault is { DelayMs: { } delay, Kind: FaultKind.Slow or FaultKind.Status or FaultKind.Empty, RetryAfter: null })
                await Task.Delay(TimeSpan.FromMilliseconds(delay), time, context.RequestAborted);
            await AnswerAsync(visit, answer);
            if (entry.Outcome == JournalOutcome.Running)
                entry.Outcome = context.RequestAborted.IsCancellationRequested ? JournalOutcome.Aborted : JournalOutcome.Completed;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            if (entry.Outcome == JournalOutcome.Running)
                entry.Outcome = JournalOutcome.Aborted;
        }
        entry.DurationMs = visit.Pace.ElapsedMs;
    }

    private async Task AnswerAsync(Visit visit, Func<Visit, Task> answer)
    {
        if (!access.Knows(visit.Vendor, visit.Model))
        {
            visit.Entry.Status = 404;
            visit.Entry.Outcome = JournalOutcome.Failed;
            await WriteAsync(visit.Context, visit.Dialect.Fail(visit.Vendor, 404));
            return;
        }
        if (visit.Fault is { Script: { } script })
            await ScriptedAnswer.WriteAsync(visit.Context, visit.Entry, script, time);
        else if (!await DialectFaults.TryReplaceAsync(visit))
            await answer(visit);
    }
}
