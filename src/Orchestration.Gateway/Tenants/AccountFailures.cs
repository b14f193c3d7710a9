using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Tenants;

/// <summary>Why an operator's change of accounts is refused. What belongs to another tenant is told in the words for what does not exist.</summary>
internal static class AccountFailures
{
    public const string ExistsCode = "already_exists";

    public static Failure NoTenant() => Failures.NotFound("tenant_not_found", "There is no such tenant.", "tenant_id");

    public static Failure NoProject() => Failures.NotFound("project_not_found", "There is no such project.", "project_id");

    public static Failure NoKey() => Failures.NotFound("key_not_found", "There is no such key.", "key_id");

    public static Failure NoEndUser() => Failures.NotFound("end_user_not_found", "The end user has no limits of its own.", "end_user");

    public static Failure NoOperator() => Failures.NotFound("operator_not_found", "There is no such operator.", "operator_id");

    public static Failure Exists(string what) => Failures.Conflict(ExistsCode, $"There is already {what}.");

    public static Failure ChangedMeanwhile() => Failures.Conflict("version_conflict", "It was changed meanwhile. Read it again and repeat the change.");
}
