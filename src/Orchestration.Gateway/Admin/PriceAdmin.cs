using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class PriceAdmin(PriceService.PriceServiceClient prices, ForwardedCalls forward) : PriceAdminService.PriceAdminServiceBase
{
    public override Task<ListPricesResponse> ListPrices(ListPricesRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.ListPricesAsync, request, "", context);

    public override Task<PriceChangeReport> ImportPrices(ImportPricesRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.ImportPricesAsync, request, "", context);

    public override Task<PriceChangeReport> SetPrice(SetPriceRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.SetPriceAsync, request, "", context);

    public override Task<PriceChangeReport> WithdrawPrice(WithdrawPriceRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.WithdrawPriceAsync, request, "", context);

    public override Task<ListExchangeRatesResponse> ListExchangeRates(ListExchangeRatesRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.ListExchangeRatesAsync, request, "", context);

    public override Task<PriceChangeReport> SetExchangeRates(SetExchangeRatesRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.SetExchangeRatesAsync, request, "", context);

    public override Task<ListTenantTermsResponse> ListTenantTerms(ListTenantTermsRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.ListTenantTermsAsync, request, "", context);

    public override Task<PriceChangeReport> SetTenantTerms(SetTenantTermsRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.SetTenantTermsAsync, request, "", context);

    public override Task<ListUnpricedResponse> ListUnpriced(ListUnpricedRequest request, ServerCallContext context) =>
        forward.SendAsync(prices.ListUnpricedAsync, request, "", context);
}
