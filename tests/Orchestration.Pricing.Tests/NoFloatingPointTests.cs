using System.Reflection;

namespace Orchestration.Pricing.Tests;

public sealed class NoFloatingPointTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void No_member_or_local_of_the_money_assembly_is_floating_point()
    {
        var offenders = typeof(Money).Assembly.GetTypes().SelectMany(Offenders).ToList();

        offenders.ShouldBeEmpty();
    }

    [Fact]
    public void The_search_finds_floating_point_where_it_is() => Offenders(typeof(Offender)).Count().ShouldBe(3);

    private static IEnumerable<string> Offenders(Type type) =>
        type.GetFields(Everything).Where(f => IsFloating(f.FieldType)).Select(f => $"{type}.{f.Name}")
            .Concat(type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything))
                .Where(UsesFloating).Select(m => $"{type}.{m.Name}"));

    private static bool UsesFloating(MethodBase method) =>
        method.GetParameters().Any(p => IsFloating(p.ParameterType))
        || (method is MethodInfo { ReturnType: var result } && IsFloating(result))
        || (method.GetMethodBody()?.LocalVariables.Any(l => IsFloating(l.LocalType)) ?? false);

    private static bool IsFloating(Type type) =>
        type == typeof(double) || type == typeof(float) || type == typeof(Half)
        || (type.HasElementType && IsFloating(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(IsFloating));

    private sealed class Offender
    {
        private readonly List<float?> _field = [];

        public int Local(int seed)
        {
            var values = new double[seed];
            for (var i = 0; i < values.Length; i++) values[i] = _field.Count;
            return values.Length;
        }

        public static void Parameter(Half value) => _ = value;
    }
}
