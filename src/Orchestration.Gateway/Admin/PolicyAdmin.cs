using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Failures;
using DryRunPolicyRequest = Orchestration.Contracts.Admin.V1.DryRunPolicyRequest;
using Ledger = Orchestration.Contracts.Metrics.V1;
using Routes = Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Admin;

/// <summary>The policy's versions. Whose change it is the gateway says, not the request.</summary>
internal sealed class PolicyAdmin(
    PolicyService.PolicyServiceClient policies, LedgerService.LedgerServiceClient ledger, ForwardedCalls forward, TimeProvider timeProvider)
    : PolicyAdminService.PolicyAdminServiceBase
{
    private const int MostRecent = 10_000;
    private const int UsualRecent = 1_000;
    private const int LedgerPage = 200;
    private static readonly TimeSpan UsualPast = TimeSpan.FromDays(1);

    public override Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context) =>
        forward.SendAsync(policies.ListPoliciesAsync, request, "", context);

    public override Task<Policy> GetPolicy(GetPolicyRequest request, ServerCallContext context) =>
        forward.SendAsync(policies.GetPolicyAsync, request, "", context);

    public override Task<PolicySchema> GetPolicySchema(GetPolicySchemaRequest request, ServerCallContext context) =>
        forward.SendAsync(policies.GetPolicySchemaAsync, request, "", context);

    public override Task<ValidatePolicyResponse> ValidatePolicy(ValidatePolicyRequest request, ServerCallContext context) =>
        forward.SendAsync(policies.ValidatePolicyAsync, request, "", context);

    public override Task<CreatePolicyResponse> CreatePolicy(CreatePolicyRequest request, ServerCallContext context)
    {
        var own = request.Clone();
        own.Author = AdminCall.Of(context).Operator.Name;
        return forward.SendAsync(policies.CreatePolicyAsync, own, "", context);
    }

    public override Task<PolicyDiff> DiffPolicies(DiffPoliciesRequest request, ServerCallContext context) =>
        forward.SendAsync(policies.DiffPoliciesAsync, request, "", context);

    public override async Task<PolicyDryRun> DryRunPolicy(DryRunPolicyRequest request, ServerCallContext context)
    {
        if (request.Recent is not null && request.Sample.Count > 0)
            throw new FailureException(Failures.Invalid("invalid_sample", "Either a sample or recent requests are planned.", "sample"));
        var asked = new Routes.DryRunPolicyRequest { Draft = request.Draft, Version = request.Version, Sample = { request.Sample } };
        if (request.Recent is { } recent)
            asked.Sample.AddRange(await RecentAsync(recent, context));
        return request.Recent is not null && asked.Sample.Count == 0
            ? new PolicyDryRun()
            : await forward.SendAsync(policies.DryRunPolicyAsync, asked, "", context);
    }

    public override Task<PolicyActivation> ActivatePolicy(ActivatePolicyRequest request, ServerCallContext context)
    {
        var own = request.Clone();
        own.Author = AdminCall.Of(context).Operator.Name;
        return forward.SendAsync(policies.ActivatePolicyAsync, own, "", context);
    }

    public override Task<ListPolicyActivationsResponse> ListPolicyActivations(ListPolicyActivationsRequest request, ServerCallContext context) =>
        forward.SendAsync(policies.ListPolicyActivationsAsync, request, "", context);

    public override Task<ListPolicyNodesResponse> ListPolicyNodes(ListPolicyNodesRequest request, ServerCallContext context) =>
        forward.SendAsync(policies.ListPolicyNodesAsync, request, "", context);

    private async Task<List<SampleRequest>> RecentAsync(RecentRequests recent, ServerCallContext context)
    {
        if (recent.Limit is < 0 or > MostRecent)
            throw new FailureException(Failures.Invalid("invalid_limit", "The limit lies between 1 and 10000.", "recent.limit"));
        var limit = recent.Limit == 0 ? UsualRecent : recent.Limit;
        var search = new Ledger.ListRequestsRequest
        {
            TenantId = recent.TenantId,
            PageSize = LedgerPage,
            Filter = new RequestFilter
            {
                From = recent.From ?? Timestamp.FromDateTimeOffset(timeProvider.GetUtcNow() - UsualPast),
                To = recent.To,
                State = RequestState.Succeeded,
            },
        };
        var sample = new List<SampleRequest>();
        do
        {
            var page = await forward.SendAsync(ledger.ListRequestsAsync, search, recent.TenantId, context);
            sample.AddRange(page.Requests.Where(record => record.Usage is not null).Take(limit - sample.Count).Select(ToSample));
            search.PageToken = page.NextPageToken;
        }
        while (search.PageToken.Length > 0 && sample.Count < limit);
        return sample;
    }

    private static SampleRequest ToSample(RequestRecord record) => new()
    {
        RequestId = record.RequestId,
        TenantId = record.Attribution?.TenantId ?? "",
        Model = record.RequestedModel,
        RequestClass = record.RequestClass,
        Usage = record.Usage,
        StartedAt = record.StartedAt,
        Currency = record.Cost?.Currency ?? "",
    };
}
