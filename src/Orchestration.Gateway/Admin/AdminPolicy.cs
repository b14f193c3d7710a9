using Orchestration.Contracts.Admin.V1;
using static Orchestration.Gateway.Admin.AdminEffect;
using static Orchestration.Gateway.Admin.AdminRoles;

namespace Orchestration.Gateway.Admin;

/// <summary>
/// The one table of who may call which admin method. A method that does not stand here is called by nobody. A team admin may only be named
/// beside methods whose request says the tenant, because that is what keeps it inside its own.
/// </summary>
internal static class AdminPolicy
{
    private static readonly Dictionary<string, AdminRule> Rules = [];

    static AdminPolicy()
    {
        Accounts();
        Ledger();
        Money();
        Installation();
    }

    public static IReadOnlyDictionary<string, AdminRule> All => Rules;

    /// <param name="method">Full name of the method, with or without the slash before it.</param>
    public static AdminRule? Find(string method) => Rules.GetValueOrDefault(method.TrimStart('/'));

    private static void Accounts()
    {
        Add(TenantAdminService.Descriptor, Operators, Changes, "CreateTenant", "UpdateTenant", "SuspendTenant", "ResumeTenant");
        Add(TenantAdminService.Descriptor, Readers, Reads, "ListTenants");
        Add(TenantAdminService.Descriptor, Everybody, Reads, "GetTenant", "ListProjects", "GetProject", "ListEndUserLimits");
        Add(TenantAdminService.Descriptor, Keepers, Changes, "CreateProject", "UpdateProject", "SuspendProject", "ResumeProject", "SetEndUserLimits", "RemoveEndUserLimits");
        Add(KeyAdminService.Descriptor, Everybody, Reads, "ListKeys", "GetKey");
        Add(KeyAdminService.Descriptor, Keepers, Changes, "CreateKey", "UpdateKey", "RotateKey", "RevokeKey", "ImportKeys");
        Add(CacheAdminService.Descriptor, Keepers, Changes, "PurgeAnswers", "JudgeAnswer");
        Add(PayloadAdminService.Descriptor, Owner | TeamAdmin, Changes, "OpenPayload");
        Add(PayloadAdminService.Descriptor, Keepers, Changes, "DeletePayloads");
        Add(OperatorAdminService.Descriptor, Everybody, Reads, "WhoAmI");
        Add(OperatorAdminService.Descriptor, Owner, Reads, "ListOperators");
        Add(OperatorAdminService.Descriptor, Owner, Changes, "CreateOperator", "UpdateOperator", "RotateOperator", "RevokeOperator");
        Add(AuditAdminService.Descriptor, Owner | TeamAdmin, Reads, "ListAuditLines");
        Add(AuditAdminService.Descriptor, Owner, Reads, "VerifyAudit");
    }

    private static void Ledger()
    {
        Add(RequestAdminService.Descriptor, Readers, Reads, "GetRequest", "ListRequests");
        Add(ReportAdminService.Descriptor, Readers, Reads, "GetReport", "ExportReport", "GetStatement", "ExportStatement");
        Add(QuarantineAdminService.Descriptor, Readers, Reads, "ListQuarantinedEvents", "GetQuarantinedEvent", "ListPoisonMessages");
        Add(QuarantineAdminService.Descriptor, Operators, Forwards, "ReplayQuarantinedEvent", "DiscardQuarantinedEvent", "ReplayPoisonMessages");
        Add(ReconciliationAdminService.Descriptor, Readers, Reads, "ListReconciliations", "GetReconciliation", "ListInvoices", "GetInvoice");
        Add(ReconciliationAdminService.Descriptor, Bookkeepers, Forwards, "Reconcile", "EnterInvoice");
    }

    private static void Money()
    {
        Add(BudgetAdminService.Descriptor, Readers, Reads, "GetBudget", "ListLeases");
        Add(BudgetAdminService.Descriptor, Everybody, Reads, "ListBudgets");
        Add(BudgetAdminService.Descriptor, Bookkeepers, Forwards, "CreateBudget", "UpdateBudget", "DisableBudget", "CloseLease");
        Add(PriceAdminService.Descriptor, Readers, Reads, "ListPrices", "ListExchangeRates", "ListTenantTerms", "ListUnpriced");
        Add(PriceAdminService.Descriptor, Bookkeepers, Forwards, "ImportPrices", "SetPrice", "WithdrawPrice", "SetExchangeRates", "SetTenantTerms");
        Add(RepricingAdminService.Descriptor, Readers, Reads, "GetRepricing", "ListRepricings", "ListClosedMonths", "ListAdjustments");
        Add(RepricingAdminService.Descriptor, Bookkeepers, Forwards, "PrepareRepricing", "ApplyRepricing", "CancelRepricing", "ReverseRepricing", "CloseMonth", "AddAdjustment");
    }

    private static void Installation()
    {
        Add(SystemService.Descriptor, Readers, Reads, "GetStatus");
        Add(TraceAdminService.Descriptor, Readers, Reads, "ListTraces", "GetTrace");
        Add(RoutingAdminService.Descriptor, Readers, Reads, "ListCatalogue", "Explain");
        Add(PolicyAdminService.Descriptor, Readers, Reads, "ListPolicies", "GetPolicy", "GetPolicySchema", "ValidatePolicy", "DiffPolicies", "DryRunPolicy", "ListPolicyActivations", "ListPolicyNodes");
        Add(PolicyAdminService.Descriptor, Operators, Forwards, "CreatePolicy", "ActivatePolicy");
        Add(ProviderAdminService.Descriptor, Readers, Reads, "ListVendors", "ListCredentials", "CheckCredentials");
        Add(ProviderAdminService.Descriptor, Operators, Forwards, "AddCredential", "UpdateCredential", "RotateCredential", "RemoveCredential", "VerifyVendor");
        Add(AlertAdminService.Descriptor, Readers, Reads, "ListAlertChannels", "ListAlertRules", "ListAlerts");
        Add(AlertAdminService.Descriptor, Operators, Forwards, "CreateAlertChannel", "UpdateAlertChannel", "DeleteAlertChannel", "TestAlertChannel", "UpdateAlertRule");
        Add(AlertAdminService.Descriptor, Bookkeepers, Forwards, "AcknowledgeAlert", "SilenceAlert");
    }

    private static void Add(Google.Protobuf.Reflection.ServiceDescriptor service, AdminRoles roles, AdminEffect effect, params ReadOnlySpan<string> methods)
    {
        foreach (var method in methods)
            Rules.Add($"{service.FullName}/{method}", new AdminRule(roles, effect));
    }
}
