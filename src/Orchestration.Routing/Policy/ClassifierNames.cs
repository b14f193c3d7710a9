namespace Orchestration.Routing.Policy;

/// <summary>The classifiers that a policy may choose between.</summary>
internal static class ClassifierNames
{
    public const string Keywords = "keywords";
    public const string Gain = "gain";
    public const string All = "keywords, gain";

    public static bool IsKnown(string name) => name is Keywords or Gain;
}
