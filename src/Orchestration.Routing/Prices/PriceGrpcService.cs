using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Serving;
using Orchestration.Routing.Tables;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Routing.Prices;

/// <summary>The price catalogue for the admin API.</summary>
internal sealed class PriceGrpcService(PriceBook book, PriceListing listing, RouteTablePublisher publisher, TimeProvider timeProvider) : PriceService.PriceServiceBase
{
    private const int MostContent = 2 * 1024 * 1024;
    private const int LongestSource = 200;
    private const int DefaultDays = 30;

    public override Task<ListPricesResponse> ListPrices(ListPricesRequest request, ServerCallContext context) =>
        AskAsync(context, cancellation => listing.PricesAsync(request, cancellation));

    public override Task<PriceChangeReport> ImportPrices(ImportPricesRequest request, ServerCallContext context)
    {
        if (request.Format is not (PriceFormat.Json or PriceFormat.Csv)) throw Invalid("format", "The format is JSON or CSV.");
        if (request.Content.Length > MostContent) throw Invalid("content", "The content has at most 2 MiB.");
        var options = Options(request.DryRun, request.Accept, request.Source);
        return AskAsync(context, async cancellation =>
        {
            var import = PriceImport.Read(request.Format, request.Content);
            return import.Problems.Count > 0
                ? new PriceChangeReport { Problems = { import.Problems } }
                : await book.SetPricesAsync(import.Prices, options, cancellation);
        });
    }

    public override Task<PriceChangeReport> SetPrice(SetPriceRequest request, ServerCallContext context)
    {
        if (request.Price is null) throw Invalid("price", "The price is missing.");
        if (request.InputLimit < 0) throw Invalid("input_limit", "The input limit is negative.");
        var price = new ProposedPrice("price", request.Provider, request.Price.Model, CataloguePrices.From(request.Price, request.InputLimit));
        var options = Options(request.DryRun, request.Accept, request.Source);
        return AskAsync(context, cancellation => book.SetPricesAsync([price], options, cancellation));
    }

    public override Task<PriceChangeReport> WithdrawPrice(WithdrawPriceRequest request, ServerCallContext context)
    {
        var options = Options(request.DryRun, [], request.Source);
        return AskAsync(context, async cancellation => await book.WithdrawAsync(request.Name, options, cancellation)
            ?? throw Failed(FailureClass.NotFound, "price_not_found", "There is no such price.", "name"));
    }

    public override Task<ListExchangeRatesResponse> ListExchangeRates(ListExchangeRatesRequest request, ServerCallContext context) =>
        AskAsync(context, cancellation => listing.RatesAsync(request.History, Current().Inputs.Policy.Rates, timeProvider.GetUtcNow(), cancellation));

    public override Task<PriceChangeReport> SetExchangeRates(SetExchangeRatesRequest request, ServerCallContext context)
    {
        var options = Options(request.DryRun, request.Accept, request.Source);
        return AskAsync(context, cancellation => book.SetRatesAsync(request.Rates, options, cancellation));
    }

    public override Task<ListTenantTermsResponse> ListTenantTerms(ListTenantTermsRequest request, ServerCallContext context) =>
        AskAsync(context, cancellation => listing.TermsAsync(request, cancellation));

    public override Task<PriceChangeReport> SetTenantTerms(SetTenantTermsRequest request, ServerCallContext context)
    {
        var options = Options(request.DryRun, request.Accept, request.Source);
        return AskAsync(context, cancellation => book.SetTermsAsync(request, options, cancellation));
    }

    public override Task<ListUnpricedResponse> ListUnpriced(ListUnpricedRequest request, ServerCallContext context)
    {
        if (request.DaysAhead is < 0 or > 366) throw Invalid("days_ahead", "The days lie between 0 and 366.");
        var until = timeProvider.GetUtcNow().AddDays(request.DaysAhead == 0 ? DefaultDays : request.DaysAhead);
        return AskAsync(context, _ => Task.FromResult(UnpricedListing.List(Current(), until)));
    }

    // Prices are the business of operators; no other service of the system has a reason to ask.
    private static async Task<TResponse> AskAsync<TResponse>(ServerCallContext context, Func<CancellationToken, Task<TResponse>> ask)
    {
        context.AdmitGateway();
        try
        {
            return await ask(context.CancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Failed(FailureClass.Conflict, "price_changed", "Somebody else changed prices meanwhile.", "");
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            throw Failed(FailureClass.Unavailable, "database_unavailable", "The price catalogue cannot be reached right now.", "");
        }
    }

    private BuiltTable Current() =>
        publisher.Current ?? throw Failed(FailureClass.Unavailable, "starting", "The first route table is not made yet.", "");

    private static PriceChangeOptions Options(bool dryRun, IEnumerable<string> accept, string source)
    {
        var brought = source.Trim();
        if (brought.Length > LongestSource || (brought.Length == 0 && !dryRun)) throw Invalid("source", "The source has 1 to 200 characters.");
        if (brought == Data.PriceRow.ShippedSource) throw Invalid("source", "'shipped' is what this build brought itself.");
        return new PriceChangeOptions(dryRun, accept.ToHashSet(StringComparer.Ordinal), brought);
    }

    private static FailureException Invalid(string param, string message) => Failed(FailureClass.InvalidRequest, $"invalid_{param}", message, param);

    private static FailureException Failed(FailureClass failureClass, string code, string message, string param) =>
        new(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param, Retryable = failureClass == FailureClass.Unavailable });
}
