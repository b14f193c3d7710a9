namespace Orchestration.Routing.Policy;

/// <summary>How hard a request is, from easy to hard.</summary>
internal static class RequestClasses
{
    public const string Simple = "simple";
    public const string Moderate = "moderate";
    public const string Complex = "complex";
    public static readonly IReadOnlyList<string> All = [Simple, Moderate, Complex];
}
