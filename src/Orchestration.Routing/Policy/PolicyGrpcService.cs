using System.Text;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Data;
using Orchestration.Routing.Explanation;
using Orchestration.Routing.Serving;
using Orchestration.Routing.Tables;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Routing.Policy;

/// <summary>The policy's versions for the admin API, and the word of gateways on what they plan by.</summary>
internal sealed class PolicyGrpcService(
    PolicyBook book, PolicyListing listing, PolicyNodes nodes, RouteTablePublisher publisher, TimeProvider timeProvider) : PolicyService.PolicyServiceBase
{
    private const int MostTextBytes = 1024 * 1024;
    private const int MostComment = 1_000;
    private const int MostSample = 10_000;
    private const int MostPage = 200;
    private const int UsualPage = 50;

    public override Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context) =>
        AskAsync(context, cancellation => listing.VersionsAsync(PageOf(request.PageSize), request.BeforeVersion, cancellation));

    public override Task<Contracts.Routing.V1.Policy> GetPolicy(GetPolicyRequest request, ServerCallContext context) => AskAsync(context, async cancellation =>
    {
        var row = await FindAsync(request.Version, cancellation);
        var texts = row.Texts();
        return new Contracts.Routing.V1.Policy { Version = PolicyListing.Of(row), Draft = new PolicyDraft { Installation = texts.Installation, Overlays = { texts.Overlays.ToDictionary() } } };
    });

    public override Task<Contracts.Routing.V1.PolicySchema> GetPolicySchema(GetPolicySchemaRequest request, ServerCallContext context) =>
        AskAsync(context, _ => Task.FromResult(new Contracts.Routing.V1.PolicySchema { Installation = PolicySchema.Installation, Overlay = PolicySchema.Overlay }));

    public override Task<ValidatePolicyResponse> ValidatePolicy(ValidatePolicyRequest request, ServerCallContext context)
    {
        var texts = TextsOf(request.Draft);
        return AskAsync(context, _ => Task.FromResult(new ValidatePolicyResponse { Problems = { Check(texts).Problems } }));
    }

    public override Task<CreatePolicyResponse> CreatePolicy(CreatePolicyRequest request, ServerCallContext context)
    {
        var texts = TextsOf(request.Draft);
        CheckComment(request.Comment);
        return AskAsync(context, async cancellation =>
        {
            var (policy, problems) = Check(texts);
            return policy is null
                ? new CreatePolicyResponse { Problems = { problems } }
                : new CreatePolicyResponse { Version = PolicyListing.Of(await book.StoreAsync(texts, policy.Label, request.Author, request.Comment, cancellation)) };
        });
    }

    public override Task<PolicyDiff> DiffPolicies(DiffPoliciesRequest request, ServerCallContext context) => AskAsync(context, async cancellation =>
    {
        var (from, to) = (await FindAsync(request.FromVersion, cancellation), await FindAsync(request.ToVersion, cancellation));
        var diff = PolicyComparison.Compare(from.Texts(), to.Texts());
        (diff.FromVersion, diff.ToVersion) = (from.Version, to.Version);
        return diff;
    });

    public override Task<PolicyDryRun> DryRunPolicy(DryRunPolicyRequest request, ServerCallContext context)
    {
        if (request.Sample.Count is 0 or > MostSample) throw Invalid("sample", "The sample has 1 to 10000 requests.");
        if (request.Draft is null == (request.Version == 0)) throw Invalid("draft", "Exactly one of draft and version is named.");
        var draft = request.Draft is null ? null : TextsOf(request.Draft);
        return AskAsync(context, async cancellation =>
        {
            var texts = draft ?? (await FindAsync(request.Version, cancellation)).Texts();
            var (policy, problems) = Check(texts);
            if (policy is null) return new PolicyDryRun { Problems = { problems } };
            var now = timeProvider.GetUtcNow();
            var (built, stored) = (Current(), Current().Inputs.StoredCatalogue);
            var other = RouteTableBuilder.Build(built.Inputs with { Policy = policy, Catalogue = stored.With(policy.Models) }, now);
            return new DryRun(built.Table, other.Table, now).Run(request.Sample);
        });
    }

    public override Task<PolicyActivation> ActivatePolicy(ActivatePolicyRequest request, ServerCallContext context)
    {
        if (request.Version <= 0) throw Invalid("version", "The version is a number from 1.");
        CheckComment(request.Comment);
        return AskAsync(context, async cancellation =>
        {
            var row = await FindAsync(request.Version, cancellation);
            if (Check(row.Texts()).Problems is { Count: > 0 } problems)
                throw Invalid("version", $"Beside the catalogue of today the version has {problems.Count} mistake(s); the first stands in line {problems[0].Line}: {problems[0].Path} {problems[0].Message}.");
            return await book.ActivateAsync(request.Version, request.ExpectedActiveVersion, request.Author, request.Comment, cancellation) is { } done
                ? PolicyListing.Of(done)
                : throw Failed(FailureClass.Conflict, "policy_changed", "Another version than expected is active.", "expected_active_version");
        });
    }

    public override Task<ListPolicyActivationsResponse> ListPolicyActivations(ListPolicyActivationsRequest request, ServerCallContext context) =>
        AskAsync(context, cancellation => listing.ActivationsAsync(PageOf(request.PageSize), cancellation));

    public override Task<ListPolicyNodesResponse> ListPolicyNodes(ListPolicyNodesRequest request, ServerCallContext context) => AskAsync(context, nodes.ListAsync);

    public override Task<AcknowledgeRouteTableResponse> AcknowledgeRouteTable(AcknowledgeRouteTableRequest request, ServerCallContext context)
    {
        if (request.Node.Length is 0 or > 128) throw Invalid("node", "The node has 1 to 128 characters.");
        return AskAsync(context, async cancellation =>
        {
            await nodes.AcknowledgeAsync(request, cancellation);
            return new AcknowledgeRouteTableResponse();
        });
    }

    // Only gateways have operators, and only they plan by a table.
    private static async Task<TResponse> AskAsync<TResponse>(ServerCallContext context, Func<CancellationToken, Task<TResponse>> ask)
    {
        context.AdmitGateway();
        try
        {
            return await ask(context.CancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or DbUpdateException or InvalidOperationException { InnerException: NpgsqlException })
        {
            throw Failed(FailureClass.Unavailable, "database_unavailable", "The policy's versions cannot be reached right now.", "");
        }
    }

    private async Task<PolicyRow> FindAsync(long version, CancellationToken cancellationToken) =>
        await book.FindAsync(version, cancellationToken) ?? throw Failed(FailureClass.NotFound, "policy_not_found", "There is no such version.", "version");

    private (PolicyDocument? Policy, IReadOnlyList<PolicyProblem> Problems) Check(PolicyTexts texts)
    {
        try
        {
            return (texts.Checked(Current().Inputs.StoredCatalogue), []);
        }
        catch (InvalidPolicyException invalid)
        {
            return (null, [.. invalid.Errors.Select(e => new PolicyProblem { TenantId = e.Tenant, Line = e.Line, Column = e.Column, Path = e.Path, Message = e.Message })]);
        }
    }

    private BuiltTable Current() =>
        publisher.Current ?? throw Failed(FailureClass.Unavailable, "starting", "The first route table is not made yet.", "");

    private static PolicyTexts TextsOf(PolicyDraft? draft)
    {
        if (draft is null) throw Invalid("draft", "The draft is missing.");
        if (Encoding.UTF8.GetByteCount(draft.Installation) > MostTextBytes) throw Invalid("draft", "The installation's document has at most 1 MiB.");
        if (draft.Overlays.Sum(overlay => (long)overlay.Key.Length + Encoding.UTF8.GetByteCount(overlay.Value)) > MostTextBytes) throw Invalid("draft", "The overlays have at most 1 MiB together.");
        return new PolicyTexts(draft.Installation, draft.Overlays);
    }

    private static int PageOf(int size) => size is >= 0 and <= MostPage ? (size == 0 ? UsualPage : size) : throw Invalid("page_size", "A page has 1 to 200 entries.");

    private static void CheckComment(string comment)
    {
        if (comment.Length > MostComment) throw Invalid("comment", "The comment has at most 1000 characters.");
    }

    private static FailureException Invalid(string param, string message) => Failed(FailureClass.InvalidRequest, $"invalid_{param}", message, param);

    private static FailureException Failed(FailureClass failureClass, string code, string message, string param) =>
        new(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param, Retryable = failureClass == FailureClass.Unavailable });
}
