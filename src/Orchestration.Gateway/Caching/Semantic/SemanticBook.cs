using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>What operators do with answers that are given again.</summary>
internal sealed class SemanticBook(IDbContextFactory<GatewayDbContext> contexts, TimeProvider timeProvider)
{
    public async Task<ChangeOutcome<PurgeAnswersResponse>> PurgeAsync(PurgeAnswersRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Tenants.AnyAsync(tenant => tenant.TenantId == request.TenantId, cancellationToken))
            return AccountFailures.NoTenant();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var purged = new PurgeAnswersResponse
        {
            Answers = await context.SemanticEntries
                .Where(entry => entry.TenantId == request.TenantId && (request.Route == "" || entry.Route == request.Route))
                .ExecuteDeleteAsync(cancellationToken),
        };
        if (request.Evidence)
            purged.Comparisons = await context.SemanticSamples
                .Where(sample => sample.TenantId == request.TenantId && (request.Route == "" || sample.Route == request.Route))
                .ExecuteDeleteAsync(cancellationToken);
        context.AuditRecords.Add(call.Done(request.TenantId, $"cached_answers:{request.Route}", null, purged));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return purged;
    }

    public async Task<ChangeOutcome<JudgeAnswerResponse>> JudgeAsync(JudgeAnswerRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(request.RequestId, "D", out var requestId))
            return Failures.Invalid("invalid_request_id", "A request's id is a UUID.", "request_id");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.SemanticSamples.SingleOrDefaultAsync(sample => sample.TenantId == request.TenantId && sample.RequestId == requestId, cancellationToken) is not { } row)
            return NoAnswer();
        (row.Agreed, row.At) = (request.Right, timeProvider.GetStoredNow());
        context.AuditRecords.Add(call.Done(request.TenantId, $"cached_answer:{requestId:D}", null, request));
        await context.SaveChangesAsync(cancellationToken);
        return new JudgeAnswerResponse();
    }

    private static Failure NoAnswer() => Failures.NotFound("answer_not_found", "No such request was answered by the semantic cache or compared with it.");
}
