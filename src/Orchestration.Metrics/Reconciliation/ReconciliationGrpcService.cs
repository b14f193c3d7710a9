using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Reconciliation.Data;
using Orchestration.Metrics.Reconciliation.Invoices;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Reconciliation;

/// <summary>Reconciliation for the gateway's admin API.</summary>
internal sealed class ReconciliationGrpcService(
    ReconciliationRuns runs, ProviderInvoices invoices, IDbContextFactory<MetricsDbContext> contexts, TimeProvider timeProvider)
    : ReconciliationService.ReconciliationServiceBase
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 200;
    private const int MaxDays = 401;

    public override async Task Reconcile(
        ReconcileRequest request, IServerStreamWriter<Contracts.Metrics.V1.Reconciliation> responseStream, ServerCallContext context)
    {
        context.AdmitGateway();
        var (first, last) = (Day("first_day", request.FirstDay), Day("last_day", request.LastDay));
        if (last < first || last.DayNumber - first.DayNumber >= MaxDays || last > DateOnly.FromDateTime(timeProvider.GetUtcNow().UtcDateTime).AddDays(1))
            ThrowInvalid("last_day", "The last day must not lie before the first, 400 days after it, or in the future.");

        var run = await runs.RunAsync("asked", first, last, told => responseStream.WriteAsync(told.ToWire(), context.CancellationToken), context.CancellationToken);
        if (run is null)
            throw new RpcException(new Status(StatusCode.Aborted, "Another reconciliation is under way."));
        await responseStream.WriteAsync(run.ToWire(), context.CancellationToken);
    }

    public override async Task<ListReconciliationsResponse> ListReconciliations(ListReconciliationsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        await using var database = await contexts.CreateDbContextAsync(context.CancellationToken);
        var found = await database.Set<StoredRun>().AsNoTracking()
            .OrderByDescending(run => run.Id).Take(Size(request.PageSize)).ToListAsync(context.CancellationToken);
        return new ListReconciliationsResponse { Reconciliations = { found.Select(run => run.ToWire()) } };
    }

    public override async Task<Contracts.Metrics.V1.Reconciliation> GetReconciliation(GetReconciliationRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var id = Id(request.ReconciliationId);
        await using var database = await contexts.CreateDbContextAsync(context.CancellationToken);
        var found = await database.Set<StoredRun>().AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, context.CancellationToken)
            ?? throw Unknown();
        var answer = found.ToWire();
        var findings = await database.Set<StoredFinding>().AsNoTracking()
            .Where(finding => finding.RunId == id).OrderBy(finding => finding.Number).ToListAsync(context.CancellationToken);
        answer.Findings.AddRange(findings.Select(finding => finding.ToWire()));
        return answer;
    }

    public override async Task<InvoiceComparison> EnterInvoice(EnterInvoiceRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var invoice = Read(request);
        await invoices.EnterAsync(invoice, context.CancellationToken);
        return invoice.ToWire(await invoices.CompareAsync(invoice, context.CancellationToken));
    }

    public override async Task<ListInvoicesResponse> ListInvoices(ListInvoicesRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var found = await invoices.ListAsync(Size(request.PageSize), context.CancellationToken);
        return new ListInvoicesResponse { Invoices = { found.Select(invoice => invoice.ToWire()) } };
    }

    public override async Task<InvoiceComparison> GetInvoice(GetInvoiceRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var found = await invoices.FindAsync(Id(request.InvoiceId), context.CancellationToken) ?? throw Unknown();
        return found.ToWire(await invoices.CompareAsync(found, context.CancellationToken));
    }

    private StoredInvoice Read(EnterInvoiceRequest request)
    {
        if (request.Provider.Length is 0 or > 200 || request.Provider.Contains('\0', StringComparison.Ordinal))
            ThrowInvalid("provider", "A provider is expected.");
        if (request.Currency.Length != 3 || !request.Currency.All(char.IsAsciiLetterUpper))
            ThrowInvalid("currency", "An ISO 4217 code is expected.");
        if (request.Reference.Length > 200 || request.Reference.Contains('\0', StringComparison.Ordinal))
            ThrowInvalid("reference", "At most 200 characters are expected.");
        if (request.Actor.Length is 0 or > 200 || request.Actor.Contains('\0', StringComparison.Ordinal))
            ThrowInvalid("actor", "1 to 200 characters are expected.");
        var tolerance = 1m;
        if (request.TolerancePercent.Length > 0
            && (!decimal.TryParse(request.TolerancePercent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out tolerance) || tolerance > 100))
            ThrowInvalid("tolerance_percent", "A number from 0 to 100 is expected.");
        var (lines, problem) = InvoiceCsv.Read(request.Csv);
        if (problem is not null)
            ThrowInvalid("csv", $"The lines cannot be read: {problem}.");

        var now = timeProvider.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return new StoredInvoice
        {
            Id = id,
            Provider = request.Provider,
            Currency = request.Currency,
            Reference = request.Reference,
            TolerancePercent = tolerance,
            Actor = request.Actor,
            EnteredAt = now,
            FirstDay = lines.Keys.First().Day,
            LastDay = lines.Keys.Last().Day,
            Lines = [.. lines.Select(line => new StoredInvoiceLine { InvoiceId = id, Day = line.Key.Day, Model = line.Key.Model, Amount = line.Value })],
        };
    }

    private static DateOnly Day(string param, string text)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 2020 or > 2199)
            ThrowInvalid(param, "A day such as 2026-11-01 is expected.");
        return day;
    }

    private static Guid Id(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw Unknown();

    private static int Size(int asked)
    {
        if (asked is < 0 or > MaxPageSize)
            ThrowInvalid("page_size", $"The page size must lie between 1 and {MaxPageSize}.");
        return asked == 0 ? DefaultPageSize : asked;
    }

    private static FailureException Unknown() => Failed(FailureClass.NotFound, "not_found", "", "There is no such record.");

    [DoesNotReturn]
    private static void ThrowInvalid(string param, string message) => throw Failed(FailureClass.InvalidRequest, "invalid_" + param, param, message);

    private static FailureException Failed(FailureClass failureClass, string code, string param, string message) =>
        new(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param });
}
